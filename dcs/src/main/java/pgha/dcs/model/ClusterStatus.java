package pgha.dcs.model;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the primary last published about its WAL: the value of {@code status}.
 *
 * <p>Immutable.
 *
 * @param lastLsn its flushed LSN; after an orderly stop that of the shutdown checkpoint
 * @param slots positions of replication slots by slot name
 * @param retainedSlots slot names of members seen of late
 */
public record ClusterStatus(Lsn lastLsn, SortedMap<String, Lsn> slots, List<String> retainedSlots) {
    public ClusterStatus {
        slots = Collections.unmodifiableSortedMap(new TreeMap<>(slots));
        retainedSlots = List.copyOf(retainedSlots);
    }

    public static ClusterStatus at(Lsn lastLsn) {
        return new ClusterStatus(lastLsn, Collections.emptySortedMap(), List.of());
    }
}
