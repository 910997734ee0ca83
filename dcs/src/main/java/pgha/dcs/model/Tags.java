package pgha.dcs.model;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A member's tags: Patroni's own ones with their meaning, any other kept as text.
 *
 * <p>Immutable. Values are the text of the YAML or JSON scalar: {@code true}, {@code 1}, {@code pg-2}.
 */
public record Tags(SortedMap<String, String> values) {
    public static final Tags NONE = new Tags(Collections.emptySortedMap());

    public Tags {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    public static Tags of(Map<String, String> values) {
        return new Tags(new TreeMap<>(values));
    }

    /** The same, but for one. */
    public Tags with(String name, String value) {
        SortedMap<String, String> changed = new TreeMap<>(values);
        changed.put(name, value);
        return new Tags(changed);
    }

    public boolean noFailover() {
        return values.containsKey("nofailover") ? is("nofailover") : failoverPriority() <= 0;
    }

    public boolean noLoadBalance() {
        return is("noloadbalance");
    }

    public boolean cloneFrom() {
        return is("clonefrom");
    }

    /** Never to be waited for: the tag says so, or its priority does. */
    public boolean noSync() {
        return values.containsKey("nosync") ? is("nosync") : syncPriority() <= 0;
    }

    /** Preferred among those who could be waited for; 1 if not given or not a number. */
    public int syncPriority() {
        return priority("sync_priority");
    }

    public boolean noStream() {
        return is("nostream");
    }

    /** Preferred at equal LSN; 1 if not given or not a number. */
    public int failoverPriority() {
        return priority("failover_priority");
    }

    /** The member, by name or address, to cascade from. */
    public Optional<String> replicateFrom() {
        return Optional.ofNullable(values.get("replicatefrom")).filter(name -> !name.isBlank());
    }

    private int priority(String tag) {
        String text = values.getOrDefault(tag, "1");
        return text.matches("-?\\d{1,9}") ? Integer.parseInt(text) : 1;
    }

    /** Whether a tag is set, as a truth is in YAML. */
    public boolean is(String tag) {
        return switch (values.getOrDefault(tag, "false").toLowerCase(java.util.Locale.ROOT)) {
            case "true", "on", "yes", "1" -> true;
            default -> false;
        };
    }
}
