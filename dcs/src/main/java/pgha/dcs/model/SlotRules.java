package pgha.dcs.model;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which replication slots are not the members' own: {@code slots} and {@code ignore_slots} of the settings.
 *
 * <p>Immutable.
 *
 * @param permanent physical slots that the primary always has
 * @param ignored what somebody else creates and drops
 */
public record SlotRules(SortedSet<String> permanent, List<Ignored> ignored) {
    public static final SlotRules NONE = new SlotRules(Collections.emptySortedSet(), List.of());

    /** Slots that agree with every attribute which is given. */
    public record Ignored(
            Optional<String> name, Optional<String> type, Optional<String> database, Optional<String> plugin) {
        /** A physical slot has neither a database nor a plugin. */
        private boolean isPhysical(String slot) {
            return name.filter(wanted -> !wanted.equals(slot)).isEmpty()
                    && type.filter(wanted -> !wanted.equals("physical")).isEmpty()
                    && database.isEmpty()
                    && plugin.isEmpty();
        }
    }

    public SlotRules {
        permanent = Collections.unmodifiableSortedSet(new TreeSet<>(permanent));
        ignored = List.copyOf(ignored);
    }

    /** Whether a physical slot of this name is none of our business. */
    public boolean ignoresPhysical(String slot) {
        return ignored.stream().anyMatch(rule -> rule.isPhysical(slot));
    }
}
