package pgha.agent.postgres;

import java.util.regex.Pattern;

/**
 * What a process of PostgreSQL is, told by the title that it shows in the process table.
 *
 * <p>Stateless. {@code lease-guard} has the same list.
 */
final class Backend {
    /**
     * Those that may be left of a writer that is stopped: none of them can acknowledge anything to a client. A role
     * with such a name does not match, since the rest of its title is its database and its address.
     */
    private static final Pattern HARMLESS =
            Pattern.compile("checkpointer( performing .*)?|background writer|walwriter|walsummarizer"
                    + "|stats collector|logger|io worker.*"
                    + "|startup( (recovering|waiting for|executing|performing|syncing|resetting) .*)?"
                    + "|archiver( (last was|archiving|failed on) .*)?"
                    + "|walreceiver( streaming .*)?"
                    + "|walsender .*");

    private Backend() {}

    /** Whether {@code title} is that of a process that cannot acknowledge a write. */
    static boolean isHarmless(String title, String clusterName) {
        String prefix = "postgres: ";
        if (!title.startsWith(prefix)) {
            // Between fork and its first word, a child has its parent's title, and might be anything.
            return false;
        }
        String rest = title.substring(prefix.length());
        String named = clusterName.isEmpty() ? "" : clusterName + ": ";
        return HARMLESS.matcher(rest.startsWith(named) ? rest.substring(named.length()) : rest)
                .matches();
    }
}
