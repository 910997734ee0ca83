package pgha.agent.ha;

import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import pgha.agent.ha.Observation.Sql;
import pgha.agent.ha.TaskSpec.CarrySlots;
import pgha.agent.ha.TaskSpec.Upstream;
import pgha.dcs.model.LogicalSlot;
import pgha.dcs.model.Member;
import pgha.dcs.model.Tags;

/**
 * The slots that the settings name. Pure.
 *
 * <p>PostgreSQL does not replicate slots: on a server that is promoted, who reads from one would find none. So the
 * primary has them, says in the store where each is, and each replica that may lead has the same. A physical one is made
 * there. A logical one is a copy of the primary's file, which a server reads as it starts. {@link KeptSlots} moves them.
 */
final class PermanentSlots {
    private PermanentSlots() {}

    /** The physical ones that this node is to have. One that is named like us is for when another is primary. */
    static SortedSet<String> physical(NodeState state, boolean ofPrimary) {
        SortedSet<String> names = new TreeSet<>();
        if (ofPrimary || !state.config().tags().noFailover()) {
            names.addAll(state.cluster().settings().slots().permanent());
            names.remove(state.name().slotName());
        }
        return names;
    }

    /** The logical ones that this node is to have; on a replica those that can be copied. */
    static SortedMap<String, LogicalSlot> logical(NodeState state, boolean ofPrimary) {
        if (!ofPrimary && !keepsLogical(state)) {
            return new TreeMap<>();
        }
        SortedMap<String, LogicalSlot> wanted =
                new TreeMap<>(state.cluster().settings().slots().logical());
        // A member's own slot has the name: whoever streams comes first.
        state.view().members().keySet().forEach(name -> wanted.remove(name.slotName()));
        return wanted;
    }

    /** What reads from an archive alone holds nothing back on the primary that its copies would need. */
    private static boolean keepsLogical(NodeState state) {
        Tags tags = state.config().tags();
        return !tags.noFailover()
                && !tags.noStream()
                && state.cluster().settings().standby().isEmpty();
    }

    /** The logical ones that this server does not have. */
    static SortedMap<String, LogicalSlot> missing(NodeState state, Sql sql) {
        SortedMap<String, LogicalSlot> missing = logical(state, !sql.inRecovery());
        sql.slots().stream()
                .filter(slot -> slot.logical().equals(Optional.ofNullable(missing.get(slot.name()))))
                .forEach(slot -> missing.remove(slot.name()));
        return missing;
    }

    /** Copies those that the leader has and this replica has not; it is restarted for that. */
    static Optional<Decision> carry(Situation s, Member leader, Sql sql) {
        SortedMap<String, LogicalSlot> missing = missing(s.state(), sql);
        missing.keySet().removeIf(name -> KeptSlots.confirmed(s, name).isEmpty());
        // A slot of that name that is something else is somebody's: it is in the way, and stays.
        sql.slots().forEach(slot -> missing.remove(slot.name()));
        Optional<Upstream> source = s.upstream(leader);
        boolean mayRestart = s.settings().postgres().useSlots() && sql.streaming();
        if (missing.isEmpty()
                || source.isEmpty()
                || !mayRestart
                || s.failures().recent(CarrySlots.class, s.now()).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(Decision.of(Reason.CARRY_SLOTS, String.join(", ", missing.keySet()), leader.name())
                .start(new CarrySlots(
                        source.get(), missing, s.now().plus(s.settings().retryTimeout()))));
    }
}
