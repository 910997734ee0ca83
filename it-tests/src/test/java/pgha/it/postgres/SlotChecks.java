package pgha.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgha.agent.ha.Action;
import pgha.agent.ha.Action.Advance;
import pgha.agent.ha.Observation;
import pgha.agent.ha.Observation.Slot;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Outcome.Failed;
import pgha.agent.ha.TaskSpec;
import pgha.dcs.model.LogicalSlot;
import pgha.dcs.model.Lsn;

class SlotChecks {
    private static final LogicalSlot DECODED = new LogicalSlot("postgres", "test_decoding");

    @TempDir
    private Path temporary;

    private ServerUnderTest first;
    private ServerUnderTest second;

    @BeforeEach
    void clone1From2() throws Exception {
        Map<String, String> parameters = Map.of("wal_level", "logical", "hot_standby_feedback", "on");
        first = new ServerUnderTest(temporary, "pg-1", 5432, parameters);
        second = new ServerUnderTest(temporary, "pg-2", 5433, parameters);
        first.newPrimary();
        second.succeed(new TaskSpec.BaseBackup(first.asUpstream(""))).succeed(startSecond());
        second.awaitSeen(SlotChecks::streams);
        first.execute("create table t (i int)");
    }

    @AfterEach
    void close() {
        first.end();
        second.end();
    }

    @Test
    void aSlotInADatabaseThatIsNotThereIsNamedAndKeepsNoOtherFromBeingMade() {
        List<String> complaints = create(Map.of("cdc", DECODED, "lost", new LogicalSlot("away", "test_decoding")));

        assertThat(complaints)
                .containsExactly(
                        "cannot create logical replication slot lost (test_decoding in away), which the settings"
                                + " name: FATAL: database \"away\" does not exist");
        first.awaitSeen(o -> slot(o, "cdc").isPresent());
    }

    @Test
    void aCopyIsReadAtTheNextStartAndMovesAfterTheOriginal() throws Exception {
        create(Map.of("cdc", DECODED));
        first.execute("insert into t values (1)");

        second.succeed(carry("cdc"));
        assertThat(second.postmaster.pid()).isEmpty();
        second.succeed(startSecond());
        second.awaitSeen(o -> slot(o, "cdc").isPresent());

        Lsn before = slot(second.seen, "cdc").flatMap(Slot::position).orElseThrow();
        first.execute("select pg_logical_slot_get_changes('cdc', null, null)");
        Lsn confirmed =
                Lsn.parse(first.ask("select confirmed_flush_lsn from pg_replication_slots where slot_name = 'cdc'"));
        assertThat(confirmed.isAheadOf(before)).isTrue();
        second.awaitSeen(o -> o.sql()
                .flatMap(Observation.Sql::replayed)
                .filter(at -> !confirmed.isAheadOf(at))
                .isPresent());
        assertThat(advance("cdc", confirmed)).isEmpty();
        second.awaitSeen(o -> slot(o, "cdc").flatMap(Slot::position).equals(Optional.of(confirmed)));
    }

    /** It could not be decoded; a stop would have been for nothing, and the next one, too. */
    @Test
    void aSlotWhoseWalIsGoneHereIsNotCopiedAndCostsNoRestart() throws Exception {
        create(Map.of("cdc", DECODED));
        Optional<Integer> pid = second.postmaster.pid();
        String needed = first.ask("select pg_walfile_name(restart_lsn) from pg_replication_slots");
        Path segment = second.config.dataDir().resolve("pg_wal").resolve(needed);
        second.awaitSeen(o -> Files.exists(segment));
        Files.delete(segment);

        Outcome outcome = second.run(carry("cdc"));

        assertThat(outcome)
                .isEqualTo(
                        new Failed("cannot copy the logical slots cdc from pg-1: it has none that could be used here"));
        assertThat(second.postmaster.pid()).isEqualTo(pid);
    }

    @Test
    void aSlotThatIsSomethingElseThereIsNotCopied() throws Exception {
        create(Map.of("cdc", new LogicalSlot("postgres", "pgoutput")));
        Optional<Integer> pid = second.postmaster.pid();

        assertThat(second.run(carry("cdc"))).isInstanceOf(Failed.class);
        assertThat(second.postmaster.pid()).isEqualTo(pid);
    }

    /** As after max_slot_wal_keep_size, or where somebody deletes files. */
    @Test
    void aCopyThatCannotBeDecodedIsDropped() throws Exception {
        create(Map.of("cdc", DECODED));
        second.succeed(carry("cdc"));
        String needed = first.ask("select pg_walfile_name(restart_lsn) from pg_replication_slots");
        second.succeed(startSecond());
        second.awaitSeen(SlotChecks::streams);
        first.execute("select pg_switch_wal()");
        first.execute("insert into t values (1)");
        Lsn end = Lsn.parse(first.ask("select pg_current_wal_flush_lsn()"));
        second.awaitSeen(o -> o.sql()
                .flatMap(Observation.Sql::replayed)
                .filter(at -> !end.isAheadOf(at))
                .isPresent());
        Files.delete(second.config.dataDir().resolve("pg_wal").resolve(needed));

        assertThat(advance("cdc", end)).singleElement().asString().startsWith("slot cdc is of no use here any more");
        second.awaitSeen(o -> o.sql().isPresent() && slot(o, "cdc").isEmpty());
    }

    private List<String> create(Map<String, LogicalSlot> slots) {
        return first.tasks.slots().apply(new Action.SyncSlots(new TreeSet<>(), new TreeMap<>(slots), new TreeSet<>()));
    }

    private TaskSpec carry(String slot) {
        return new TaskSpec.CarrySlots(
                first.asUpstream(""),
                new TreeMap<>(Map.of(slot, DECODED)),
                first.clock.now().plus(Duration.ofSeconds(30)));
    }

    private TaskSpec startSecond() {
        return new TaskSpec.StartReplica(Optional.of(first.asUpstream("")));
    }

    private List<String> advance(String slot, Lsn to) {
        return second.tasks
                .slotCopies()
                .advance(new TreeMap<>(Map.of(slot, new Advance(Optional.of(DECODED.database()), to))));
    }

    private static Optional<Slot> slot(Observation seen, String name) {
        return seen.sql().stream()
                .flatMap(sql -> sql.slots().stream())
                .filter(slot -> slot.name().equals(name) && slot.logical().equals(Optional.of(DECODED)))
                .findFirst();
    }

    private static boolean streams(Observation seen) {
        return seen.sql().filter(Observation.Sql::streaming).isPresent();
    }
}
