package pgha.agent.ha;

import java.time.Duration;
import java.util.Optional;
import pgha.dcs.model.Role;

/** What an operator can order of this node alone, apart from ending its agent. Immutable. */
public sealed interface Order {
    /**
     * Stop PostgreSQL and start it again as what it was; a leader keeps its lease.
     *
     * @param role only if it has this role
     * @param below only if the server is older than this version, as in {@code server_version_num}
     * @param ifPending only if some setting waits for a restart
     * @param timeout how long it may take until the client is told that it has not worked yet; empty for
     *     primary_start_timeout
     */
    record Restart(Optional<Role> role, Optional<Integer> below, boolean ifPending, Optional<Duration> timeout)
            implements Order {}

    /**
     * Clone this replica anew; what it has is moved aside once the clone is whole.
     *
     * @param force whether a task that is under way is cancelled for it
     * @param fromLeader whether the leader is the source even if a replica offers itself
     */
    record Reinitialize(boolean force, boolean fromLeader) implements Order {}

    /** In Patroni's words. */
    default String word() {
        return switch (this) {
            case Restart restart -> "restart";
            case Reinitialize reinitialize -> "reinitialize";
        };
    }
}
