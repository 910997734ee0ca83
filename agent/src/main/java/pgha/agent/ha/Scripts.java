package pgha.agent.ha;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which programs of the operator's are to be run on the way.
 *
 * <p>Immutable.
 *
 * @param callbacks for what there is a callback
 * @param prePromote whether one decides on a promotion
 */
public record Scripts(SortedSet<Callback> callbacks, boolean prePromote) {
    public static final Scripts NONE = new Scripts(Collections.emptySortedSet(), false);

    public Scripts {
        callbacks = Collections.unmodifiableSortedSet(new TreeSet<>(callbacks));
    }
}
