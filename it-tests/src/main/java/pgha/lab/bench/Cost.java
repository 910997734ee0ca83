package pgha.lab.bench;

import java.util.SortedMap;
import java.util.TreeMap;

/** What was asked of etcd in a stretch of time. */
record Cost(double seconds, SortedMap<String, Long> counts) {
    Cost {
        counts = new TreeMap<>(counts);
    }

    double perMinute(String name) {
        return counts.getOrDefault(name, 0L) * 60 / seconds;
    }

    long total(String name) {
        return counts.getOrDefault(name, 0L);
    }
}
