package pgha.agent.ha;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import pgha.dcs.model.Moment;

/**
 * When a node last told the others what, and which slots nobody wants.
 *
 * <p>Immutable.
 *
 * @param slotUnwantedSince since when a slot belongs to no member
 */
public record Published(Moment memberAt, Moment statusAt, SortedMap<String, Moment> slotUnwantedSince) {
    static final Published NOTHING = new Published(Moment.EARLIEST, Moment.EARLIEST, Collections.emptySortedMap());

    public Published {
        slotUnwantedSince = Collections.unmodifiableSortedMap(new TreeMap<>(slotUnwantedSince));
    }

    Published member(Moment now) {
        return new Published(now, statusAt, slotUnwantedSince);
    }

    Published status(Moment now) {
        return new Published(memberAt, now, slotUnwantedSince);
    }

    /** These slots exist and belong to nobody. */
    Published unwanted(SortedSet<String> slots, Moment now) {
        SortedMap<String, Moment> since = new TreeMap<>();
        slots.forEach(slot -> since.put(slot, slotUnwantedSince.getOrDefault(slot, now)));
        return new Published(memberAt, statusAt, since);
    }

    /** After the slots, or the members, have changed. */
    static NodeState slotsOf(NodeState state, Moment now) {
        return state.with(state.published().unwanted(MemberSlots.unwanted(state), now));
    }
}
