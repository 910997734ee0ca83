package pgha.lab.bench;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Counters of all members of etcd at one moment, summed.
 *
 * @param nanos when they were read
 * @param values by a name that people understand
 */
record Reading(long nanos, SortedMap<String, Long> values) {
    Reading {
        values = new TreeMap<>(values);
    }

    /** What was counted from {@code before} until now. */
    Cost since(Reading before) {
        SortedMap<String, Long> grown = new TreeMap<>();
        values.forEach((name, value) -> {
            long by = value - before.values.getOrDefault(name, 0L);
            if (by > 0) {
                grown.put(name, by);
            }
        });
        return new Cost((nanos - before.nanos) / 1e9, grown);
    }
}
