package pgha.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgha.agent.ha.Observation;
import pgha.agent.ha.Observation.Directory;
import pgha.agent.ha.Outcome.Failed;
import pgha.agent.ha.TaskSpec;
import pgha.agent.ha.TaskSpec.StopMode;
import pgha.agent.os.ProcessTable;
import pgha.agent.postgres.ReplicaMethod;

/** Replicas that programs of the operator's make. */
class RestoreChecks {
    private static final String FROM_AND_TO =
            "for a; do case $a in --datadir=*) to=${a#*=} ;; --connstring=*) from=${a#*=} ;; esac; done";

    @TempDir
    private Path temporary;

    private ServerUnderTest primary;
    private @Nullable ServerUnderTest started;

    @BeforeEach
    void startPrimary() throws Exception {
        primary = new ServerUnderTest(temporary, "pg-1", 5432, Map.of());
        primary.newPrimary();
    }

    @AfterEach
    void close() {
        primary.end();
        if (started != null) {
            started.end();
        }
    }

    @Test
    void theFirstMethodThatSucceedsMakesTheReplica() throws Exception {
        Path copy = script(
                FROM_AND_TO,
                "printf '%s\\n' \"$@\" >" + temporary.resolve("arguments"),
                baseBackup(),
                "echo \"recovery_target = 'immediate'\" >>\"$to/postgresql.auto.conf\"",
                "touch \"$to/recovery.signal\"");
        ServerUnderTest replica = replica(program("broken", "false", false), program("copy", copy.toString(), false));

        replica.succeed(new TaskSpec.BaseBackup(primary.asUpstream("")))
                .succeed(new TaskSpec.StartReplica(Optional.of(primary.asUpstream(""))));

        replica.awaitSeen(o -> o.sql().filter(sql -> sql.streaming()).isPresent());
        assertThat(Files.readAllLines(temporary.resolve("arguments")))
                .contains("--scope=demo", "--role=replica", "--datadir=" + replica.config.dataDir(), "--speed=high")
                .hasSize(5);
        assertThat(replica.config.dataDir().resolve("recovery.signal")).doesNotExist();
    }

    @Test
    void aProgramThatKeepsDataIsGivenAReplicasAndNothingOfOurs() throws Exception {
        stoppedReplica();
        Path repair =
                script("printf '%s\\n' \"$@\" >" + temporary.resolve("arguments"), "cd " + data(), "cat precious");
        TreeMap<String, String> own = new TreeMap<>(Map.of("delta", "True"));
        ServerUnderTest replica =
                replica(new ReplicaMethod.Program("repair", repair.toString(), true, false, true, own));

        replica.succeed(new TaskSpec.BaseBackup(primary.asUpstream("")))
                .succeed(new TaskSpec.StartReplica(Optional.of(primary.asUpstream(""))));

        replica.awaitSeen(o -> o.sql().filter(sql -> sql.streaming()).isPresent());
        assertThat(placesOfPrecious()).containsExactly(data().resolve("precious"));
        assertThat(Files.readAllLines(temporary.resolve("arguments"))).containsExactly("--delta=True");
    }

    /** The one of a program, and our own. */
    @Test
    void whatWasMadeAnewSaysSoUntilItIsAccepted() throws Exception {
        Path copy = script(FROM_AND_TO, baseBackup());
        for (ReplicaMethod method : List.of(program("copy", copy.toString(), false), new ReplicaMethod.Basebackup())) {
            ServerUnderTest replica = replica(method);
            replica.succeed(new TaskSpec.BaseBackup(primary.asUpstream("")))
                    .succeed(new TaskSpec.StartReplica(Optional.of(primary.asUpstream(""))));
            replica.awaitSeen(o -> o.sql().isPresent() && isFresh(o));

            assertThat(replica.tasks.acceptCopy()).isEmpty();

            replica.awaitSeen(o -> o.sql().isPresent() && !isFresh(o));
            replica.stop(StopMode.FAST, Duration.ofSeconds(10));
            replica.awaitSeen(o -> o.pid().isEmpty() && !isFresh(o));
            replica.end();
        }
    }

    private static boolean isFresh(Observation seen) {
        return seen.directory() instanceof Directory.Cluster cluster && cluster.fresh();
    }

    @Test
    void withoutALeaderAProgramMakesTheReplicaThatNeedsNone() throws Exception {
        stoppedReplica();
        Path backup = Files.move(data(), temporary.resolve("backup"));
        Path restore = script(
                FROM_AND_TO,
                "printf '%s\\n' \"$@\" >" + temporary.resolve("arguments"),
                "cp -a " + backup + "/. \"$to\"");
        ServerUnderTest replica = replica(
                new ReplicaMethod.Basebackup(),
                program("needy", "false", false),
                new ReplicaMethod.Program("restore", restore.toString(), false, true, false, new TreeMap<>()));
        replica.awaitSeen(o -> o.directory() instanceof Directory.Absent absent && absent.restorable());

        replica.succeed(new TaskSpec.BaseBackup(Optional.empty())).succeed(new TaskSpec.StartReplica(Optional.empty()));

        replica.awaitSeen(o -> o.sql().filter(Observation.Sql::inRecovery).isPresent() && isFresh(o));
        assertThat(data().resolve("precious")).exists();
        assertThat(Files.readAllLines(temporary.resolve("arguments"))).contains("--role=replica", "--connstring=");
        assertThat(replica.progress).isEmpty();
    }

    @Test
    void withoutALeaderNothingElseIsTried() throws Exception {
        ServerUnderTest replica = replica(new ReplicaMethod.Basebackup(), program("needy", "false", false));
        replica.awaitSeen(o -> o.directory() instanceof Directory.Absent absent && !absent.restorable());

        assertThat(replica.run(new TaskSpec.BaseBackup(Optional.empty())))
                .isEqualTo(new Failed("cannot make a replica: no method of create_replica_methods has no_leader"));
    }

    @Test
    void whatIsThereIsMovedAsideUnlessTheProgramKeepsData() throws Exception {
        stoppedReplica();

        assertThat(replica(program("broken", "false", false)).run(new TaskSpec.BaseBackup(primary.asUpstream(""))))
                .isEqualTo(new Failed("cannot make a replica by broken: broken exited with 1"));

        assertThat(placesOfPrecious()).singleElement().asString().contains("data.moved-aside-");
    }

    @Test
    void whatMayBeTheOnlyCopyIsMovedAsideWhateverTheConfigurationSays() throws Exception {
        stoppedReplica()
                .succeed(new TaskSpec.StartReplica(Optional.empty()))
                .succeed(new TaskSpec.Promote(ServerUnderTest.LEASE))
                .stop(StopMode.FAST, Duration.ofSeconds(10));
        expectMovedAside("a primary was the last to run on it");

        Files.delete(stoppedReplica().config.dataDir().resolve("PG_VERSION"));
        expectMovedAside("it is no whole cluster");

        stoppedReplica();
        primary.stop(StopMode.FAST, Duration.ofSeconds(10));
        expectMovedAside("pg-1 does not say what it has");
    }

    /** Of the same number, from the same position on: pg_control alone does not tell them apart. */
    @Test
    void theTimelineOfAnotherPromotionIsMovedAside() throws Exception {
        ServerUnderTest other = stoppedReplica();
        other.succeed(new TaskSpec.StartReplica(Optional.empty())).succeed(new TaskSpec.Promote(ServerUnderTest.LEASE));
        other.execute("CREATE TABLE acknowledged ()");
        other.stop(StopMode.FAST, Duration.ofSeconds(10))
                .succeed(new TaskSpec.StartReplica(Optional.empty()))
                .stop(StopMode.FAST, Duration.ofSeconds(10));
        primary.stop(StopMode.FAST, Duration.ofSeconds(10))
                .succeed(new TaskSpec.StartReplica(Optional.empty()))
                .succeed(new TaskSpec.Promote(ServerUnderTest.LEASE));

        expectMovedAside("on timeline 2, is not known to pg-1");
    }

    private void expectMovedAside(String why) throws Exception {
        ServerUnderTest replica = replica(program("broken", "false", true));
        Files.writeString(data().resolve("precious"), why);

        assertThat(replica.run(new TaskSpec.BaseBackup(primary.asUpstream("")))).isInstanceOf(Failed.class);

        assertThat(replica.progress).anySatisfy(note -> assertThat(note.toString())
                .contains("what is there is not kept for broken, which might overwrite it: ", why));
        assertThat(data().resolve("precious")).doesNotExist();
        assertThat(placesOfPrecious()).anySatisfy(place -> assertThat(place).hasContent(why));
    }

    /** With a file in its directory that no copy has. */
    private ServerUnderTest stoppedReplica() throws Exception {
        ServerUnderTest replica = replica(new ReplicaMethod.Basebackup());
        replica.succeed(new TaskSpec.BaseBackup(primary.asUpstream("")))
                .succeed(new TaskSpec.StartReplica(Optional.of(primary.asUpstream(""))))
                .stop(StopMode.FAST, Duration.ofSeconds(10));
        Files.writeString(data().resolve("precious"), "data");
        return replica;
    }

    private List<Path> placesOfPrecious() throws IOException {
        try (Stream<Path> all = Files.walk(temporary.resolve("pg-2"))) {
            return all.filter(path -> path.endsWith("precious")).toList();
        }
    }

    @Test
    void whatAProgramLeavesThatFailsIsNoCluster() throws Exception {
        Path half = script(
                "mkdir global",
                "echo 15 >PG_VERSION",
                "cp " + primary.config.dataDir() + "/global/pg_control global/",
                "exit 7");
        ServerUnderTest replica = replica(program("half", "sh -c \"cd %s && . %s\"".formatted(data(), half), true));

        assertThat(replica.run(new TaskSpec.BaseBackup(primary.asUpstream(""))))
                .isEqualTo(new Failed("cannot make a replica by half: half exited with 7; to use what it left all the"
                        + " same, delete " + data().toRealPath().resolveSibling(".data.being-restored")));

        replica.awaitSeen(o -> o.directory() instanceof Directory.Absent);
        replica = replica(new ReplicaMethod.Basebackup());
        replica.succeed(new TaskSpec.BaseBackup(primary.asUpstream("")));
        replica.awaitSeen(o -> o.directory() instanceof Directory.Cluster);
    }

    @Test
    void aProgramThatOutlivedItsAgentIsEndedFirst() throws Exception {
        ServerUnderTest replica = replica(new ReplicaMethod.Basebackup());
        Files.createDirectories(data());
        Files.writeString(data().resolveSibling(".data.being-restored"), "another agent");
        ProcessBuilder earlier = new ProcessBuilder("sleep", "600");
        earlier.environment().put("PGHA_RESTORES", data().toRealPath().toString());
        Process left = earlier.start();
        Awaitility.await().until(() -> ProcessTable.title((int) left.pid()).contains("600"));

        replica.succeed(new TaskSpec.BaseBackup(primary.asUpstream("")));

        assertThat(left.waitFor()).isEqualTo(128 + 9);
        replica.awaitSeen(o -> o.directory() instanceof Directory.Cluster);
    }

    private Path data() {
        return temporary.resolve("pg-2").resolve("data");
    }

    private ServerUnderTest replica(ReplicaMethod... methods) {
        ServerUnderTest replica = new ServerUnderTest(temporary, "pg-2", 5433, Map.of(), List.of(methods));
        started = replica;
        return replica;
    }

    private static ReplicaMethod program(String name, String command, boolean keepsData) {
        return new ReplicaMethod.Program(
                name, command, keepsData, false, false, new TreeMap<>(Map.of("speed", "high")));
    }

    private String baseBackup() {
        return primary.config.binDir().orElseThrow() + "/pg_basebackup --checkpoint=fast -D \"$to\" -d \"$from\"";
    }

    private Path script(String... lines) throws IOException {
        Path script = temporary.resolve("script");
        Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }
}
