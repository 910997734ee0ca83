package pgha.agent.ha;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import pgha.agent.ha.Observation.Slot;
import pgha.agent.ha.Observation.Sql;
import pgha.dcs.model.Lsn;

/** Replica a of b; c is at 0/5000000, and the store says nothing of its slot, as under a Patroni below 4.0. */
class KeptSlotsTest {
    private static final Slot OF_C = Slot.physical("c", false, Optional.of(Lsn.parse("0/4000000")));

    @Test
    void theSlotOfAMemberGoesToWhereItSaysThatItIs() {
        assertThat(advanced("0/6000000", OF_C, "{}")).containsExactly(Map.entry("c", to("0/5000000")));
    }

    @Test
    void noSlotGoesPastWhatIsReplayed() {
        assertThat(advanced("0/4800000", OF_C, "{}")).containsExactly(Map.entry("c", to("0/4800000")));
    }

    @Test
    void aSlotThatSomebodyReadsFromMovesByItself() {
        Slot active = Slot.physical("c", true, Optional.of(Lsn.parse("0/4000000")));

        assertThat(advanced("0/6000000", active, "{}")).isEmpty();
    }

    @Test
    void nothingIsKeptIfNothingIsKeptForMembersThatAreAway() {
        assertThat(advanced("0/6000000", OF_C, "{\"member_slots_ttl\":0}")).isEmpty();
    }

    private static Action.Advance to(String lsn) {
        return new Action.Advance(Optional.empty(), Lsn.parse(lsn));
    }

    private static Map<String, Action.Advance> advanced(String replayed, Slot slot, String settings) {
        Sql sql = Situations.sql(true, 1, replayed, Optional.of(Situations.B), List.of(slot));
        Situation s = new Situations()
                .settings(settings)
                .postgres(Situations.running(sql))
                .asSituation();
        return KeptSlots.advance(s, sql)
                .map(Action.AdvanceSlots.class::cast)
                .map(Action.AdvanceSlots::slots)
                .orElse(new TreeMap<>());
    }
}
