package pgha.agent.postgres;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import pgha.agent.ha.Callback;

/**
 * The operator's programs, as command lines, which are split as a shell would and run without one.
 *
 * <p>Immutable.
 *
 * @param callbacks told what has happened; nobody waits for them
 * @param prePromote has to say yes, by ending with 0, before a replica is promoted
 * @param beforeStop is run to its end before an orderly stop
 */
public record Hooks(SortedMap<Callback, String> callbacks, Optional<String> prePromote, Optional<String> beforeStop) {
    public static final Hooks NONE = new Hooks(Collections.emptySortedMap(), Optional.empty(), Optional.empty());

    public Hooks {
        callbacks = Collections.unmodifiableSortedMap(new TreeMap<>(callbacks));
    }
}
