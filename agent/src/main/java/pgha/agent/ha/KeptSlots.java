package pgha.agent.ha;

import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import pgha.agent.ha.Observation.Slot;
import pgha.agent.ha.Observation.Sql;
import pgha.dcs.model.LogicalSlot;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Member;

/**
 * The slots that a replica has for when it is promoted, and that nobody reads from until then. Pure.
 *
 * <p>They are moved after the primary's, as far as the store says that those are, or to where the member itself says that
 * it is; and never past what the replica has replayed.
 */
final class KeptSlots {
    private KeptSlots() {}

    /** The members that stream from the primary, whoever it is; none if nothing is kept for members that are away. */
    static SortedSet<String> ofMembers(NodeState state) {
        SortedSet<String> names = new TreeSet<>();
        boolean keeps = !state.cluster().settings().slotRetention().isZero();
        if (keeps && !state.config().tags().noFailover()) {
            for (Member member : state.view().members().values()) {
                boolean fromPrimary = MemberSlots.source(state.view(), member).isEmpty();
                if (fromPrimary && !member.tags().noStream()) {
                    names.add(member.name().slotName());
                }
            }
            names.remove(state.name().slotName());
        }
        return names;
    }

    /**
     * Whether one holds rows back, for a reader that it had while this was the primary: nobody would move that on, and
     * through us it would reach the primary. It is made anew.
     */
    static boolean isStale(NodeState state, Slot slot) {
        return slot.holdsRows() && slot.logical().isEmpty() && physical(state).contains(slot.name());
    }

    /** How far they may go on; empty if all are there. */
    static Optional<Action> advance(Situation s, Sql sql) {
        SortedMap<String, Action.Advance> due = new TreeMap<>();
        sql.slots().stream()
                .filter(slot -> !slot.active() && isHere(s.state(), slot))
                .forEach(slot -> target(s, sql, slot)
                        .ifPresent(to -> due.put(
                                slot.name(), new Action.Advance(slot.logical().map(LogicalSlot::database), to))));
        return due.isEmpty() ? Optional.empty() : Optional.of(new Action.AdvanceSlots(due));
    }

    /** Where the primary's slot is, as far as the store says. */
    static Optional<Lsn> confirmed(Situation s, String slot) {
        return s.view()
                .status()
                .flatMap(status -> Optional.ofNullable(status.slots().get(slot)));
    }

    /** A leader that is a Patroni below 4.0 says nothing of the slots of members. */
    private static Optional<Lsn> ownWord(Situation s, Slot slot) {
        return s.view().members().values().stream()
                .filter(member ->
                        slot.logical().isEmpty() && member.name().slotName().equals(slot.name()))
                .findFirst()
                .flatMap(Member::position);
    }

    private static SortedSet<String> physical(NodeState state) {
        SortedSet<String> names = PermanentSlots.physical(state, false);
        names.addAll(ofMembers(state));
        return names;
    }

    private static boolean isHere(NodeState state, Slot slot) {
        return slot.logical().isPresent()
                ? slot.logical()
                        .equals(Optional.ofNullable(
                                PermanentSlots.logical(state, false).get(slot.name())))
                : physical(state).contains(slot.name()) && !slot.holdsRows();
    }

    private static Optional<Lsn> target(Situation s, Sql sql, Slot slot) {
        return confirmed(s, slot.name())
                .or(() -> ownWord(s, slot))
                .map(lsn -> Lsn.min(lsn, sql.replayed().orElse(Lsn.ZERO)))
                .filter(to -> slot.position().filter(to::isAheadOf).isPresent());
    }
}
