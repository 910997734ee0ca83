package pgha.dcs.model;

import java.util.Arrays;

/** What a member says it is, in Patroni's words. */
public enum Role {
    PRIMARY("primary"),
    REPLICA("replica"),
    STANDBY_LEADER("standby_leader"),
    /** Was primary and has been stopped or has crashed. */
    DEMOTED("demoted"),
    /** Promotion was asked for and is not finished. */
    PROMOTED("promoted"),
    /** No data directory. */
    UNINITIALIZED("uninitialized");

    private final String word;

    Role(String word) {
        this.word = word;
    }

    /** The word in the store and in REST answers. */
    public String word() {
        return word;
    }

    /** Reads a word, {@code master} of old versions included; what is not known counts as a replica. */
    public static Role of(String word) {
        if (word.equals("master")) {
            return PRIMARY;
        }
        return Arrays.stream(values())
                .filter(role -> role.word.equals(word))
                .findFirst()
                .orElse(REPLICA);
    }
}
