package pgha.dcs.model;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which replication slots are not the members' own: {@code slots} and {@code ignore_slots} of the settings.
 *
 * <p>Immutable.
 *
 * @param permanent physical slots that the primary always has
 * @param logical logical slots that the primary always has, and that replicas keep a copy of
 * @param ignored what somebody else creates and drops
 */
public record SlotRules(SortedSet<String> permanent, SortedMap<String, LogicalSlot> logical, List<Ignored> ignored) {
    public static final SlotRules NONE =
            new SlotRules(Collections.emptySortedSet(), Collections.emptySortedMap(), List.of());

    /** Slots that agree with every attribute which is given. */
    public record Ignored(
            Optional<String> name, Optional<String> type, Optional<String> database, Optional<String> plugin) {
        /** A physical slot has neither a database nor a plugin. */
        private boolean means(String slot, Optional<LogicalSlot> logical) {
            return agrees(name, Optional.of(slot))
                    && agrees(type, Optional.of(logical.isPresent() ? "logical" : "physical"))
                    && agrees(database, logical.map(LogicalSlot::database))
                    && agrees(plugin, logical.map(LogicalSlot::plugin));
        }

        private static boolean agrees(Optional<String> wanted, Optional<String> found) {
            return wanted.isEmpty() || wanted.equals(found);
        }
    }

    public SlotRules {
        permanent = Collections.unmodifiableSortedSet(new TreeSet<>(permanent));
        logical = Collections.unmodifiableSortedMap(new TreeMap<>(logical));
        ignored = List.copyOf(ignored);
    }

    /**
     * Whether a slot is none of our business.
     *
     * @param logical what it is; empty: a physical one
     */
    public boolean ignores(String slot, Optional<LogicalSlot> logical) {
        return ignored.stream().anyMatch(rule -> rule.means(slot, logical));
    }
}
