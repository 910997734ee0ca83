package pgha.agent.ha;

import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import pgha.agent.ha.Observation.Sql;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.RunState;
import pgha.dcs.model.SlotRules;

/**
 * The physical slots that a server keeps for those who read WAL from it. Pure.
 *
 * <p>A primary has one for each other member but those that stream from another one, whose slot would hold WAL back on
 * the primary without ever moving; a replica has one for each member that is tagged to stream from it. What nobody wants
 * any more is kept for a while, so that a member that was away finds its WAL; in pause nothing is dropped.
 *
 * <p>The settings may name more: a permanent slot is the primary's, and what is to be ignored is nobody's business. A
 * replica that has been primary gives its permanent slots up like those of members: nothing moves them there.
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
        SortedSet<String> drop = new TreeSet<>();
        for (Observation.Slot slot : sql.slots()) {
            create.remove(slot.name());
            Moment since = s.state().published().slotUnwantedSince().get(slot.name());
            if (since != null
                    && !s.settings().paused()
                    && !slot.active()
                    && !s.now().isBefore(since.plus(s.settings().slotRetention()))) {
                drop.add(slot.name());
            }
        }
        return create.isEmpty() && drop.isEmpty() ? Optional.empty() : Optional.of(new Action.SyncSlots(create, drop));
    }

    /** The slots that exist here and that nobody wants; of a replica's only those that it had as a primary. */
    static SortedSet<String> unwanted(NodeState state) {
        SortedSet<String> unwanted = new TreeSet<>();
        Optional<Sql> sql = state.local().observation().sql();
        sql.ifPresent(seen -> seen.slots().forEach(slot -> unwanted.add(slot.name())));
        boolean recovers = sql.filter(Sql::inRecovery).isPresent() && !state.leadsStandbyCluster();
        if (recovers) {
            SortedSet<String> ours = new TreeSet<>(rules(state).permanent());
            state.view().members().keySet().forEach(name -> ours.add(name.slotName()));
            unwanted.retainAll(ours);
        }
        unwanted.removeAll(wanted(state, !recovers));
        unwanted.removeIf(rules(state)::ignoresPhysical);
        return unwanted;
    }

    private static SlotRules rules(NodeState state) {
        return state.cluster().settings().slots();
    }

    private static SortedSet<String> wanted(NodeState state, boolean ofPrimary) {
        SortedSet<String> names = new TreeSet<>();
        if (ofPrimary) {
            names.addAll(rules(state).permanent());
            // A slot that is named like us is for when another is primary.
            names.remove(state.name().slotName());
        }
        for (Member member : state.view().members().values()) {
            Optional<MemberName> source = source(state.view(), member);
            boolean fromHere = source.map(state.name()::equals).orElse(ofPrimary);
            if (!member.name().equals(state.name()) && !member.tags().noStream() && fromHere) {
                names.add(member.name().slotName());
            }
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
