package pgha.dcs.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Why a server has to be started again: the parameters that it took from its files and cannot change while it runs.
 *
 * <p>Immutable.
 *
 * @param changes by parameter; empty if whoever says so gives no reason, as older versions do
 */
public record PendingRestart(SortedMap<String, Change> changes) {
    /** For a reason that nobody tells. */
    public static final PendingRestart UNEXPLAINED = new PendingRestart(Collections.emptySortedMap());

    /**
     * One parameter.
     *
     * @param oldValue what the server runs with
     * @param newValue what it will run with; empty text if that is the parameter's default
     */
    public record Change(String oldValue, String newValue) {}

    public PendingRestart {
        changes = Collections.unmodifiableSortedMap(new TreeMap<>(changes));
    }
}
