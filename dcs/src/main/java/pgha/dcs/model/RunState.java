package pgha.dcs.model;

import java.util.Arrays;

/** How a member's PostgreSQL is doing, in Patroni's words and in the order of its metric. */
public enum RunState {
    INITDB("initializing new cluster"),
    INITDB_FAILED("initdb failed"),
    CUSTOM_BOOTSTRAP("running custom bootstrap script"),
    CUSTOM_BOOTSTRAP_FAILED("custom bootstrap failed"),
    CREATING_REPLICA("creating replica"),
    RUNNING("running"),
    STARTING("starting"),
    BOOTSTRAP_STARTING("starting after custom bootstrap"),
    START_FAILED("start failed"),
    RESTARTING("restarting"),
    RESTART_FAILED("restart failed"),
    STOPPING("stopping"),
    STOPPED("stopped"),
    STOP_FAILED("stop failed"),
    CRASHED("crashed"),
    /** Running, but not answering; only in REST answers. */
    UNKNOWN("unknown");

    private final String words;

    RunState(String words) {
        this.words = words;
    }

    /** The words in the store and in REST answers. */
    public String words() {
        return words;
    }

    public static RunState of(String words) {
        return Arrays.stream(values())
                .filter(state -> state.words.equals(words))
                .findFirst()
                .orElse(UNKNOWN);
    }
}
