package pgha.agent.sim;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import pgha.agent.ha.Action;
import pgha.agent.ha.Observation.Slot;
import pgha.dcs.model.LogicalSlot;
import pgha.dcs.model.Lsn;

/** The replication slots of one server. On a primary, the readers of the logical ones have confirmed all there is. */
final class SimSlots {
    private record Logical(LogicalSlot what, Lsn confirmed) {}

    private final SortedSet<String> physical = new TreeSet<>();
    private final SortedMap<String, Logical> logical = new TreeMap<>();

    void clear() {
        physical.clear();
        logical.clear();
    }

    void change(Action.SyncSlots order, Lsn end) {
        physical.addAll(order.create());
        order.createLogical().forEach((name, what) -> logical.put(name, new Logical(what, end)));
        physical.removeAll(order.drop());
        logical.keySet().removeAll(order.drop());
    }

    void advance(Action.AdvanceSlots order) {
        order.slots()
                .forEach((name, to) -> logical.computeIfPresent(name, (n, slot) -> new Logical(slot.what(), to.to())));
    }

    /** Those of a primary that are asked for are here from the next start on; false if it is none. */
    boolean copy(SimPostgres from, Map<String, LogicalSlot> wanted) {
        wanted.keySet().forEach(name -> Optional.ofNullable(from.slots().logical.get(name))
                .ifPresent(slot -> logical.put(name, slot)));
        return from.isPrimary();
    }

    List<Slot> look(boolean primary, Lsn end) {
        if (primary) {
            logical.replaceAll((name, slot) -> new Logical(slot.what(), end));
        }
        return Stream.concat(
                        physical.stream().map(name -> Slot.physical(name, false, Optional.of(end))),
                        logical.entrySet().stream().map(SimSlots::slot))
                .toList();
    }

    private static Slot slot(Map.Entry<String, Logical> slot) {
        Logical logical = slot.getValue();
        return new Slot(
                slot.getKey(), false, Optional.of(logical.confirmed()), Optional.of(logical.what()), false, false);
    }
}
