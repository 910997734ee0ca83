package pgha.agent.ha;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import pgha.dcs.model.Moment;

/**
 * When a node last told the others what, which slots nobody wants, and where it has listened before.
 *
 * <p>Immutable.
 *
 * @param slotUnwantedSince since when a slot belongs to no member
 * @param formerUrls of this agent, before its file was read again: a record that still names one is its own
 */
public record Published(
        Moment memberAt, Moment statusAt, SortedMap<String, Moment> slotUnwantedSince, SortedSet<String> formerUrls) {
    static final Published NOTHING =
            new Published(Moment.EARLIEST, Moment.EARLIEST, Collections.emptySortedMap(), Collections.emptySortedSet());

    public Published {
        formerUrls = Collections.unmodifiableSortedSet(new TreeSet<>(formerUrls));
        slotUnwantedSince = Collections.unmodifiableSortedMap(new TreeMap<>(slotUnwantedSince));
    }

    Published member(Moment now) {
        return new Published(now, statusAt, slotUnwantedSince, formerUrls);
    }

    Published status(Moment now) {
        return new Published(memberAt, now, slotUnwantedSince, formerUrls);
    }

    /** It listens elsewhere from now on. */
    Published movedFrom(String apiUrl) {
        SortedSet<String> former = new TreeSet<>(formerUrls);
        former.add(apiUrl);
        return new Published(memberAt, statusAt, slotUnwantedSince, former);
    }

    /** These slots exist and belong to nobody. */
    Published unwanted(SortedSet<String> slots, Moment now) {
        SortedMap<String, Moment> since = new TreeMap<>();
        slots.forEach(slot -> since.put(slot, slotUnwantedSince.getOrDefault(slot, now)));
        return new Published(memberAt, statusAt, since, formerUrls);
    }

    /** After the slots, or the members, have changed. */
    static NodeState slotsOf(NodeState state, Moment now) {
        return state.with(state.published().unwanted(MemberSlots.unwanted(state), now));
    }
}
