package pgha.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgha.agent.ha.Action;
import pgha.agent.ha.Observation;
import pgha.agent.ha.Observation.Directory;
import pgha.agent.ha.Observation.LeftAs;
import pgha.agent.ha.Outcome.Failed;
import pgha.agent.ha.TaskSpec;
import pgha.agent.ha.TaskSpec.StopMode;
import pgha.agent.os.Signal;
import pgha.dcs.model.PendingRestart;
import pgha.dcs.model.Timeline;

class ReplicaChecks {
    @TempDir
    private Path temporary;

    private ServerUnderTest first;
    private ServerUnderTest second;

    @BeforeEach
    void clone1From2() throws Exception {
        first = new ServerUnderTest(temporary, "pg-1", 5432, Map.of("wal_sender_timeout", "60s"));
        second = new ServerUnderTest(temporary, "pg-2", 5433, Map.of());
        first.newPrimary();
        assertThat(first.tasks
                        .slots()
                        .apply(new Action.SyncSlots(
                                new TreeSet<>(java.util.Set.of("pg_2")), new TreeMap<>(), new TreeSet<>())))
                .isEmpty();
        second.succeed(new TaskSpec.BaseBackup(first.asUpstream("pg_2")))
                .succeed(new TaskSpec.StartReplica(Optional.of(first.asUpstream("pg_2"))));
        second.awaitSeen(ReplicaChecks::streams);
    }

    @AfterEach
    void close() {
        first.end();
        second.end();
    }

    @Test
    void aCloneStreamsThroughItsSlot() {
        first.awaitSeen(o -> o.sql()
                .filter(sql -> sql.slots().stream().anyMatch(slot -> slot.name().equals("pg_2") && slot.active()))
                .filter(sql -> sql.senders().stream()
                        .anyMatch(sender -> sender.applicationName().equals("pg-2")))
                .isPresent());
        Observation.Sql seen = second.seen.sql().orElseThrow();
        assertThat(seen.upstream()).contains(first.config.connectAddress());
        assertThat(seen.upstreamSlot()).isEqualTo("pg_2");
        assertThat(seen.timeline()).isEqualTo(new Timeline(1));
    }

    @Test
    void aCopyOfAReplicaIsAReplica() throws Exception {
        ServerUnderTest third = new ServerUnderTest(temporary, "pg-3", 5434, Map.of());
        try {
            third.succeed(new TaskSpec.BaseBackup(second.asUpstream("")))
                    .succeed(new TaskSpec.StartReplica(Optional.of(second.asUpstream(""))));

            third.awaitSeen(ReplicaChecks::streams);
        } finally {
            third.end();
        }
    }

    @Test
    void aReplicaFollowsSomebodyElseWithoutARestart() throws Exception {
        Optional<Integer> pid = second.postmaster.pid();

        second.succeed(new TaskSpec.Follow(Optional.empty()));
        second.awaitSeen(o -> o.sql()
                .filter(sql -> !sql.streaming() && sql.upstream().isEmpty())
                .isPresent());
        second.succeed(new TaskSpec.Follow(Optional.of(first.asUpstream(""))));
        second.awaitSeen(ReplicaChecks::streams);

        assertThat(second.postmaster.pid()).isEqualTo(pid);
    }

    @Test
    void aDivergedPrimaryIsRewoundAndFollows() throws Exception {
        first.execute("create table t (i int)");
        first.execute("select pg_switch_wal()");
        second.awaitSeen(ReplicaChecks::streams);
        Signal.STOP.sendTo(second.processTitled("walreceiver"));
        first.execute("insert into t values (1)");
        Signal.KILL.sendTo(first.postmaster.pid().orElseThrow());
        Signal.CONT.sendTo(second.processTitled("walreceiver"));
        Files.writeString(
                first.config.dataDir().resolve("pg_hba.conf"),
                "# of the first\n",
                java.nio.file.StandardOpenOption.APPEND);
        first.awaitGone();

        second.succeed(new TaskSpec.Promote(ServerUnderTest.LEASE)).succeed(new TaskSpec.Checkpoint());
        assertThat(second.asked).containsExactly("arm 7", "confirm 7");
        first.succeed(new TaskSpec.Rewind(second.asUpstream("")))
                .succeed(new TaskSpec.StartReplica(Optional.of(second.asUpstream(""))));

        first.awaitSeen(o -> streams(o) && o.sql().orElseThrow().timeline().equals(new Timeline(2)));
        assertThat(Files.readString(first.config.dataDir().resolve("pg_hba.conf")))
                .contains("# of the first");
        second.execute("create table after_promotion (i int)");
    }

    @Test
    void aCloneTakesThePlaceOfWhatWasThereWhichIsMovedAside() throws Exception {
        second.stop(StopMode.FAST, Duration.ofSeconds(10));
        Files.writeString(second.config.dataDir().resolve("precious"), "data");

        second.succeed(new TaskSpec.BaseBackup(first.asUpstream("pg_2")));

        assertThat(second.config.dataDir().resolve("precious")).doesNotExist();
        try (Stream<Path> beside = Files.list(second.config.dataDir().getParent())) {
            assertThat(beside.filter(p -> p.toString().contains("moved-aside")))
                    .singleElement()
                    .satisfies(aside -> assertThat(aside.resolve("precious")).hasContent("data"));
        }
        second.succeed(new TaskSpec.StartReplica(Optional.of(first.asUpstream("pg_2"))));
    }

    /** What an agent leaves that dies in the middle of it, or whose source does. */
    @Test
    void aDirectoryThatIsHalfRewoundCountsAsNoneAndIsClonedAnew() throws Exception {
        second.stop(StopMode.FAST, Duration.ofSeconds(10));
        Files.writeString(second.config.dataDir().resolve("pgha_half_rewound"), "an agent before us");

        second.awaitSeen(o -> o.directory() instanceof Directory.Absent);
        second.succeed(new TaskSpec.BaseBackup(first.asUpstream("pg_2")))
                .succeed(new TaskSpec.StartReplica(Optional.of(first.asUpstream("pg_2"))));

        second.awaitSeen(ReplicaChecks::streams);
    }

    @Test
    void aCloneFromNowhereLeavesTheDirectoryAsItWas() throws Exception {
        second.stop(StopMode.FAST, Duration.ofSeconds(10));
        first.stop(StopMode.FAST, Duration.ofSeconds(10));

        assertThat(second.run(new TaskSpec.BaseBackup(first.asUpstream("pg_2"))))
                .isInstanceOfSatisfying(Failed.class, failed -> assertThat(failed.sentence())
                        .startsWith("cannot clone pg-1: pg_basebackup exited with 1: ")
                        .contains("refused"));
        assertThat(second.config.dataDir().resolve("PG_VERSION")).exists();
    }

    @Test
    void aReceiverThatHangsDoesNotHoldUpAStopAndNoRecoveryFollows() throws Exception {
        first.execute("create table t (i int, t text)");
        Signal.STOP.sendTo(second.processTitled("walreceiver"));
        first.execute("insert into t select i, repeat('x', 1000) from generate_series(1, 20000) i");

        first.stop(StopMode.FAST, Duration.ofSeconds(10));

        first.awaitSeen(
                o -> o.directory() instanceof Directory.Cluster c && c.control().leftAs() == LeftAs.SHUT_DOWN);
        first.succeed(new TaskSpec.StartPrimary(ServerUnderTest.LEASE));
        assertThat(first.output()).doesNotContain("not properly shut down");
        assertThat(first.ask("select count(*) from t")).isEqualTo("20000");
    }

    @Test
    void aReplicaHasItsPrimarysLimitsWhereItsOwnAreSmaller() throws Exception {
        second.stop(StopMode.FAST, Duration.ofSeconds(10));
        ServerUnderTest smaller = new ServerUnderTest(temporary, "pg-2", 5433, Map.of("max_connections", "30"));

        smaller.succeed(new TaskSpec.StartReplica(Optional.of(first.asUpstream("pg_2"))));

        assertThat(smaller.ask("show max_connections")).isEqualTo("100");
        smaller.awaitSeen(o -> o.sql()
                .flatMap(Observation.Sql::pendingRestart)
                .filter(pending -> Optional.ofNullable(pending.changes().get("max_connections"))
                        .equals(Optional.of(new PendingRestart.Change("100", "30"))))
                .isPresent());
        smaller.end();
    }

    private static boolean streams(Observation o) {
        return o.sql().filter(Observation.Sql::streaming).isPresent();
    }
}
