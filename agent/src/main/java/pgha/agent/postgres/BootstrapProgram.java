package pgha.agent.postgres;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A program of the operator's that makes the data of a new cluster.
 *
 * <p>Immutable.
 *
 * @param name what the configuration calls it
 * @param command split as a shell would, but run without one
 * @param plain neither the name of the cluster nor its directory is added to that
 * @param keepsRecovery what the program leaves of recovery settings counts, if there are none here
 * @param recovery what the cluster recovers by before it is opened, if it is to
 * @param parameters added as {@code --key=value}
 */
public record BootstrapProgram(
        String name,
        String command,
        boolean plain,
        boolean keepsRecovery,
        Optional<SortedMap<String, String>> recovery,
        SortedMap<String, String> parameters) {

    public BootstrapProgram {
        recovery = recovery.map(BootstrapProgram::copied);
        parameters = copied(parameters);
    }

    /** Whether the cluster recovers as the program has prepared it. */
    boolean keepsWhatItLeft() {
        return keepsRecovery && recovery.isEmpty();
    }

    private static SortedMap<String, String> copied(SortedMap<String, String> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }
}
