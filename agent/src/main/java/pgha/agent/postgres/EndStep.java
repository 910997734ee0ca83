package pgha.agent.postgres;

import java.util.List;

/**
 * What is done to end a server by force, and before anybody hears that a postmaster is dead; and in which order.
 *
 * <p>Pure; {@link Postmaster} and the simulation take the steps as they stand here. A backend does not need its
 * postmaster to finish a statement and to acknowledge it: PostgreSQL lets it look for that only when it waits for its
 * client.
 */
public enum EndStep {
    /** It is asked to, and has a moment in which it tells clients and tidies up. */
    ASK,
    /** The postmaster is stopped, so that it cannot start another process. */
    HOLD,
    /** Everything that works for it dies. */
    KILL_CHILDREN,
    KILL_POSTMASTER;

    /** For whom the time is up; whatever dies early enough is spared the rest. */
    public static final List<EndStep> BY_FORCE = List.of(ASK, HOLD, KILL_CHILDREN, KILL_POSTMASTER);

    /** Of a postmaster that is dead, whoever killed it, before that is told: from then on another may write. */
    public static final List<EndStep> AFTER_DEATH = List.of(KILL_CHILDREN);
}
