package pgha.agent.ha;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import pgha.agent.ha.Observation.Sql;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.LogicalSlot;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.RunState;
import pgha.dcs.model.SlotRules;

/**
 * The slots that a server keeps for those who read WAL from it. Pure.
 *
 * <p>A primary has one for each other member but those that stream from another one, whose slot would hold WAL back on
 * the primary without ever moving; a replica has one for each member that is tagged to stream from it. A replica that may
 * lead has those of the primary, too, so that each member finds its WAL there after a failover; {@link KeptSlots} moves
 * them. What nobody wants any more is kept for a while, for a member that was away; in pause nothing is dropped.
 *
 * <p>The settings may name more: {@link PermanentSlots}; and what is to be ignored is nobody's business.
 */
final class MemberSlots {
    private MemberSlots() {}

    /** What has to be created and dropped here; empty if nothing has. */
    static Optional<Action> upkeep(Situation s, Sql sql) {
        if (!s.settings().postgres().useSlots()) {
            return Optional.empty();
        }
        SortedSet<String> create =
                wanted(s.state(), !sql.inRecovery() || s.state().leadsStandbyCluster());
        sql.slots().forEach(slot -> create.remove(slot.name()));
        SortedSet<String> drop = s.settings().paused() ? new TreeSet<>() : toDrop(s, sql);
        SortedMap<String, LogicalSlot> logical =
                sql.inRecovery() ? Collections.emptySortedMap() : PermanentSlots.missing(s.state(), sql);
        boolean nothing = create.isEmpty() && logical.isEmpty() && drop.isEmpty();
        return nothing ? Optional.empty() : Optional.of(new Action.SyncSlots(create, logical, drop));
    }

    private static SortedSet<String> toDrop(Situation s, Sql sql) {
        SortedSet<String> drop = new TreeSet<>();
        for (Observation.Slot slot : sql.slots()) {
            if (!slot.active() && (isOver(s, slot) || isStale(s, sql, slot))) {
                drop.add(slot.name());
            }
        }
        return drop;
    }

    private static boolean isOver(Situation s, Observation.Slot slot) {
        Moment since = s.state().published().slotUnwantedSince().get(slot.name());
        return since != null && !s.now().isBefore(since.plus(s.settings().slotRetention()));
    }

    private static boolean isStale(Situation s, Sql sql, Observation.Slot slot) {
        return sql.inRecovery() && !s.state().leadsStandbyCluster() && KeptSlots.isStale(s.state(), slot);
    }

    /** The slots that exist here and that nobody wants. */
    static SortedSet<String> unwanted(NodeState state) {
        SortedSet<String> unwanted = new TreeSet<>();
        Optional<Sql> sql = state.local().observation().sql();
        boolean recovers = sql.filter(Sql::inRecovery).isPresent() && !state.leadsStandbyCluster();
        sql.ifPresent(seen -> seen.slots().stream()
                .filter(slot -> isOurs(slot, recovers))
                .filter(slot -> !rules(state).ignores(slot.name(), slot.logical()))
                .forEach(slot -> unwanted.add(slot.name())));
        unwanted.removeAll(wanted(state, !recovers));
        unwanted.removeAll(PermanentSlots.logical(state, !recovers).keySet());
        return unwanted;
    }

    /**
     * Whether it is ours to drop: the physical ones. A logical slot that somebody makes on a primary has a reader whom we
     * do not know; on a replica it is a copy, or what is left of when it was primary, and nothing would ever move it.
     */
    private static boolean isOurs(Observation.Slot slot, boolean recovers) {
        return slot.logical().isEmpty() || (recovers && !slot.failsOver());
    }

    private static SlotRules rules(NodeState state) {
        return state.cluster().settings().slots();
    }

    private static SortedSet<String> wanted(NodeState state, boolean ofPrimary) {
        SortedSet<String> names = PermanentSlots.physical(state, ofPrimary);
        for (Member member : state.view().members().values()) {
            Optional<MemberName> source = source(state.view(), member);
            boolean fromHere = source.map(state.name()::equals).orElse(ofPrimary);
            if (!member.name().equals(state.name()) && !member.tags().noStream() && fromHere) {
                names.add(member.name().slotName());
            }
        }
        if (!ofPrimary) {
            names.addAll(KeptSlots.ofMembers(state));
        }
        return names;
    }

    /** The other member that it is tagged to stream from, by name or by address, if one runs that is meant. */
    static Optional<MemberName> source(ClusterView view, Member member) {
        return member.tags().replicateFrom().flatMap(from -> view.members().values().stream()
                .filter(other -> !other.name().equals(member.name()))
                .filter(other -> other.state() == RunState.RUNNING && isMeant(from, other))
                .map(Member::name)
                .findFirst());
    }

    /** Whether a tag means this member. */
    static boolean isMeant(String tag, Member member) {
        return member.name().value().equals(tag)
                || member.postgresAddress()
                        .map(HostPort::host)
                        .filter(tag::equals)
                        .isPresent();
    }
}
