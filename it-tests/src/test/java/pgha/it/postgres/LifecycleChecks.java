package pgha.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgha.agent.ha.Observation;
import pgha.agent.ha.Observation.Directory;
import pgha.agent.ha.Observation.LeftAs;
import pgha.agent.ha.Outcome.Failed;
import pgha.agent.ha.Progress;
import pgha.agent.ha.TaskSpec;
import pgha.agent.ha.TaskSpec.StopMode;
import pgha.agent.os.ProcessTable;
import pgha.agent.os.Signal;
import pgha.agent.postgres.Postmaster;

class LifecycleChecks {
    @TempDir
    private Path temporary;

    private ServerUnderTest server;

    @BeforeEach
    void open() {
        server = new ServerUnderTest(temporary, "pg-1", 5432, Map.of());
    }

    @AfterEach
    void close() {
        server.end();
    }

    @Test
    void aNewClusterHasItsRolesAndWasShownToTheScript() throws Exception {
        server.newPrimary();

        assertThat(server.asked).containsExactly("arm 7", "confirm 7");
        assertThat(server.ask("select string_agg(rolname, ' ' order by rolname) from pg_roles where rolcanlogin"))
                .isEqualTo("postgres replicator rewinder");
        assertThat(server.ask(
                        "select has_function_privilege('rewinder', 'pg_ls_dir(text,boolean,boolean)', 'execute')"))
                .isEqualTo("t");
        assertThat(server.config.dataDir().resolveSibling("script")).hasContent("1");
        assertThat(server.output()).doesNotContain("secret");
        server.awaitSeen(o -> o.sql().filter(sql -> !sql.inRecovery()).isPresent());
    }

    @Test
    void nothingOfTheServerHasACapability() throws Exception {
        server.newPrimary();

        assertThat(Files.readString(Path.of("/proc/self/status"))).containsPattern("CapAmb:\\s+0000000000003000");
        List<Integer> lasting = List.of(
                server.postmaster.pid().orElseThrow(),
                server.processTitled("checkpointer"),
                server.processTitled("autovacuum launcher"));
        assertThat(lasting).allSatisfy(pid -> assertThat(Files.readString(Path.of("/proc/" + pid + "/status")))
                .containsPattern("CapInh:\\s+0{16}\n")
                .containsPattern("CapEff:\\s+0{16}\n")
                .containsPattern("CapAmb:\\s+0{16}\n"));
    }

    @Test
    void withoutAPermitNothingIsStarted() throws Exception {
        server.succeed(new TaskSpec.InitDb());
        server.refusal = Optional.of("the term it was to run under has ended");

        assertThat(server.run(new TaskSpec.StartPrimary(ServerUnderTest.LEASE)))
                .isEqualTo(new Failed("cannot start as primary: the term it was to run under has ended"));
        assertThat(server.processes()).isEmpty();
    }

    @Test
    void aServerThatSomebodyElseStartedIsAdoptedAndStoppedInOrder() throws Exception {
        server.newPrimary();
        ServerUnderTest next = new ServerUnderTest(temporary, "pg-1", 5432, Map.of());
        assertThat(next.postmaster.adopt()).isEqualTo(server.postmaster.pid()).isPresent();

        next.stop(StopMode.FAST, Duration.ofSeconds(10));

        assertThat(next.exits).hasSize(1);
        assertThat(next.progress.stream().map(Object::getClass))
                .isEqualTo(List.of(Progress.StopAsked.class, Progress.WritersGone.class, Progress.ShutDown.class));
        next.awaitSeen(
                o -> o.directory() instanceof Directory.Cluster c && c.control().leftAs() == LeftAs.SHUT_DOWN);
    }

    @Test
    void backendsDoNotOutliveAKilledPostmaster() throws Exception {
        server.newPrimary();
        server.execute("create table t (i int)");
        server.execute("alter system set synchronous_standby_names = 'nobody'");
        server.execute("select pg_reload_conf()");
        CompletableFuture<String> commit = inBackground("insert into t values (1)");
        CompletableFuture<String> busy = inBackground("do $$ begin loop null; end loop; end $$");
        Awaitility.await()
                .until(() -> server.processes().stream()
                                .map(ProcessTable::title)
                                .filter(title -> title.contains("waiting for") || title.endsWith(" DO"))
                                .count()
                        == 2);

        Signal.KILL.sendTo(server.postmaster.pid().orElseThrow());
        Awaitility.await().until(() -> !server.exits.isEmpty());

        assertThat(server.processes()).isEmpty();
        assertThat(commit.get()).isNotEqualTo("acknowledged");
        assertThat(busy.get()).isNotEqualTo("acknowledged");
        server.awaitSeen(o -> o.pid().isEmpty());
    }

    /** An agent that begins would disarm the guard over it, and another node would be elected beside it. */
    @Test
    void whatAPostmasterLeftThatDiedUnwatchedIsEnded() throws Exception {
        server.newPrimary().stop(StopMode.FAST, Duration.ofSeconds(10));
        Path unwatched = Files.move(server.config.dataDir(), temporary.resolve("unwatched"));
        String postgres =
                server.config.binDir().orElseThrow().resolve("postgres").toString();
        Process postmaster = new ProcessBuilder(
                        postgres,
                        "-D",
                        unwatched.toString(),
                        "-k",
                        temporary.toString(),
                        "-c",
                        "hba_file=" + unwatched.resolve("pg_hba.conf"),
                        "-c",
                        "ident_file=" + unwatched.resolve("pg_ident.conf"))
                .inheritIO()
                .start();
        Awaitility.await().until(() -> Files.exists(temporary.resolve(".s.PGSQL.5432")));
        Process client = new ProcessBuilder(
                        "psql",
                        "-h",
                        temporary.toString(),
                        "-U",
                        "postgres",
                        "-d",
                        "postgres",
                        "-c",
                        "do $$ begin loop null; end loop; end $$")
                .start();
        Awaitility.await().until(() -> ProcessTable.runningIn(unwatched, "postgres").stream()
                .anyMatch(pid -> ProcessTable.title(pid).endsWith(" DO")));
        postmaster.destroyForcibly().waitFor();
        Postmaster next = new Postmaster(unwatched, "demo", server.spawner, server.threads, pid -> {});
        assertThat(next.adopt()).isEmpty();
        assertThat(ProcessTable.runningIn(unwatched, "postgres")).isNotEmpty();

        next.endOrphans();

        assertThat(ProcessTable.runningIn(unwatched, "postgres")).isEmpty();
        assertThat(client.waitFor()).isNotZero();
    }

    @Test
    void aSingleUserServerIsNobodysOrphan() throws Exception {
        server.newPrimary().stop(StopMode.FAST, Duration.ofSeconds(10));
        String postgres =
                server.config.binDir().orElseThrow().resolve("postgres").toString();
        Process single = new ProcessBuilder(
                        postgres, "--single", "-D", server.config.dataDir().toString(), "postgres")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Awaitility.await().until(() -> server.processes().contains((int) single.pid()));

        server.postmaster.endOrphans();

        single.outputWriter().close();
        assertThat(single.waitFor()).isZero();
    }

    @Test
    void aPostmasterThatDoesNotListenIsStoppedByForce() throws Exception {
        server.newPrimary();
        Signal.STOP.sendTo(server.postmaster.pid().orElseThrow());

        server.stop(StopMode.FAST, Duration.ofMillis(300));

        assertThat(server.processes()).isEmpty();
    }

    @Test
    void aPidFileThatNamesAStrangerIsNoObstacle() throws Exception {
        server.newPrimary().stop(StopMode.FAST, Duration.ofSeconds(10));
        long stranger = ProcessHandle.current().pid();
        Files.writeString(
                server.config.dataDir().resolve("postmaster.pid"),
                stranger + "\n" + server.config.dataDir() + "\n1\n5432\n\n127.0.0.1\n\nready   \n");
        server.awaitSeen(o -> o.complaint().contains("leftover"));

        server.succeed(new TaskSpec.StartPrimary(ServerUnderTest.LEASE));

        assertThat(server.ask("select 1")).isEqualTo("1");
    }

    @Test
    void aStartThatFailsSaysWhy() throws Exception {
        server.newPrimary().stop(StopMode.FAST, Duration.ofSeconds(10));
        Files.writeString(server.config.dataDir().resolve("postgresql.base.conf"), "work_mem = much\n");

        assertThat(server.run(new TaskSpec.StartPrimary(ServerUnderTest.LEASE)).toString())
                .contains("cannot start as primary: \"LOG: invalid value for parameter 'work_mem': 'much'")
                .contains("contains errors");
    }

    @Test
    void aDirectoryThatPostgresWouldRefuseIsSeenBefore() throws Exception {
        server.newPrimary().stop(StopMode.FAST, Duration.ofSeconds(10));

        Files.setPosixFilePermissions(server.config.dataDir(), PosixFilePermissions.fromString("rwxr-xr-x"));

        server.awaitSeen(
                o -> o.directory() instanceof Directory.Unusable u && u.why().contains("rwxr-xr-x"));
    }

    @Test
    void aServerThatIsStoppedByTheKernelIsSeenAsSilent() throws Exception {
        server.newPrimary();
        server.awaitSeen(o -> o.sql().isPresent());

        server.processes().forEach(Signal.STOP::sendTo);

        server.awaitSeen(
                o -> o.pid().isPresent() && o.sql().isEmpty() && !o.complaint().isEmpty());
    }

    @Test
    void nothingThereIsAbsentAndSomethingElseIsUnusable() throws IOException {
        server.awaitSeen(o -> o.directory() instanceof Directory.Absent);

        Files.createDirectories(server.config.dataDir());
        Files.setPosixFilePermissions(server.config.dataDir(), PosixFilePermissions.fromString("rwx------"));
        Files.writeString(server.config.dataDir().resolve("letter"), "dear");

        server.awaitSeen(LifecycleChecks::holdsNoCluster);
    }

    private static boolean holdsNoCluster(Observation o) {
        return o.directory() instanceof Directory.Unusable u && u.why().contains("holds no PostgreSQL cluster");
    }

    private CompletableFuture<String> inBackground(String sql) {
        CompletableFuture<String> result = new CompletableFuture<>();
        server.threads.start("client", () -> {
            try (Connection connection = server.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
                result.complete("acknowledged");
            } catch (SQLException e) {
                result.complete(String.valueOf(e.getMessage()));
            }
        });
        return result;
    }
}
