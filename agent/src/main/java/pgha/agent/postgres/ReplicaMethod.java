package pgha.agent.postgres;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One way of making the data directory of a replica.
 *
 * <p>Immutable.
 */
public sealed interface ReplicaMethod {
    /** Whether it works while there is nobody to copy. */
    default boolean needsNoLeader() {
        return this instanceof Program program && program.withoutLeader();
    }

    /** pg_basebackup, with the options of the configuration. */
    record Basebackup() implements ReplicaMethod {}

    /**
     * A program of the operator's, such as one that restores a backup.
     *
     * @param name what the configuration calls it
     * @param command split as a shell would, but run without one
     * @param keepsData it is given the data directory as it is, where no data can be lost by that
     * @param withoutLeader it is run while nobody leads, too
     * @param plain nothing of ours is added to its command line
     * @param parameters its own, added as {@code --key=value}
     */
    record Program(
            String name,
            String command,
            boolean keepsData,
            boolean withoutLeader,
            boolean plain,
            SortedMap<String, String> parameters)
            implements ReplicaMethod {
        public Program {
            parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        }
    }
}
