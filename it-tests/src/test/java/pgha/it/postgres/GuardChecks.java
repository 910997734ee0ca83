package pgha.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import pgha.agent.ha.TaskSpec;
import pgha.agent.lease.GuardProcess;
import pgha.agent.os.BootClock;
import pgha.agent.os.ProcessTable;
import pgha.agent.os.Signal;
import pgha.agent.os.Spawner;
import pgha.agent.os.Threads;
import pgha.dcs.model.Moment;

class GuardChecks {
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofMinutes(5);
    /** A promise: a kill of the guard is noticed and mended within it. */
    private static final Duration MENDED_WITHIN = Duration.ofSeconds(1);

    @TempDir
    private Path temporary;

    private ServerUnderTest server;
    private GuardProcess guard;

    @BeforeEach
    void startBoth() throws Exception {
        server = new ServerUnderTest(temporary, "pg-1", 5432, Map.of());
        server.newPrimary();
        guard = guard(server.config.dataDir(), server.spawner, server.threads);
        guard.start();
    }

    @AfterEach
    void endBoth() throws Exception {
        guard.close();
        guardPid().ifPresent(Signal.KILL::sendTo);
        server.end();
    }

    @Test
    void theGuardStopsTheServerAtItsDeadline() throws Exception {
        Moment deadline = in(SHORT);
        assertThat(guard.arm(deadline)).isEmpty();
        assertThat(guard.inheritedDeadline()).isPresent();

        Awaitility.await().until(() -> server.processes().isEmpty());

        assertThat(server.clock.now().isAfter(deadline.minus(Duration.ofMillis(10))))
                .isTrue();
        print(deadline);
        guard.disarm();
        Awaitility.await().until(() -> guard.inheritedDeadline().isEmpty());
    }

    /** An agent that was stopped in the middle of starting it goes on where it was. */
    @Test
    void whatIsStartedAfterTheDeadlineIsStoppedTooUntilTheGuardIsDisarmed() throws Exception {
        assertThat(guard.arm(in(SHORT))).isEmpty();
        Awaitility.await().until(() -> server.processes().isEmpty());

        server.run(new TaskSpec.StartPrimary(ServerUnderTest.LEASE));
        Awaitility.await().until(() -> server.processes().isEmpty());

        guard.disarm();
        server.succeed(new TaskSpec.StartPrimary(ServerUnderTest.LEASE));
        assertThat(server.ask("select 1")).isEqualTo("1");
    }

    @ParameterizedTest
    @EnumSource(names = {"STOP", "KILL"})
    void theGuardNeedsNobodyToFeedIt(Signal signal) throws Exception {
        int feeder = startFeeder();
        Awaitility.await().until(() -> guard.inheritedDeadline().isPresent());
        Thread client = server.threads.start("client", this::commitForEver);

        signal.sendTo(feeder);

        Moment deadline = guard.inheritedDeadline().orElseThrow();
        Awaitility.await().until(() -> server.processes().isEmpty());
        print(deadline);
        if (signal == Signal.KILL) {
            // Nobody is left who could start it again.
            Awaitility.await().until(() -> guard.inheritedDeadline().isEmpty());
        }
        client.join(Duration.ofSeconds(10));
        assertThat(client.isAlive()).isFalse();
        Signal.KILL.sendTo(feeder);
    }

    /** As on a host that stands still for a while: the time of its waiting is up in the moment in which it goes on. */
    @Test
    void whatIsSaidWhileTheGuardStandsStillIsHeardWhole() throws Exception {
        assertThat(guard.arm(in(LONG))).isEmpty();
        int pid = guardPid().orElseThrow();
        Signal.STOP.sendTo(pid);
        Moment longerThanItWaits = in(Duration.ofMillis(1200));
        Awaitility.await().until(() -> server.clock.now().isAfter(longerThanItWaits));
        guard.disarm();

        Signal.CONT.sendTo(pid);

        Awaitility.await().until(() -> guard.inheritedDeadline().isEmpty());
        assertThat(server.ask("select 1")).isEqualTo("1");
    }

    @Test
    void feedingPutsTheDeadlineOffAndDisarmingEndsIt() throws Exception {
        Moment first = in(Duration.ofMillis(700));
        assertThat(guard.arm(first)).isEmpty();
        guard.feed(in(LONG));
        guard.feed(first);
        Awaitility.await().until(() -> server.clock.now().isAfter(first.plus(Duration.ofMillis(300))));
        assertThat(server.ask("select 1")).isEqualTo("1");

        guard.disarm();
        guard.feed(in(Duration.ofMillis(1)));

        Awaitility.await().until(() -> guard.inheritedDeadline().isEmpty());
        assertThat(server.ask("select 1")).isEqualTo("1");
    }

    @Test
    void aKilledGuardIsReplacedAndArmedAgain() throws Exception {
        assertThat(guard.arm(in(LONG))).isEmpty();
        int before = guardPid().orElseThrow();
        Moment killedAt = server.clock.now();

        Signal.KILL.sendTo(before);

        Path state = server.config.runtimeDir().resolve("guard.state");
        Awaitility.await()
                .pollInterval(Duration.ofMillis(2))
                .until(() -> isArmed(state) && !Files.readString(state).contains(" " + before + " "));
        Duration mended = killedAt.until(server.clock.now());
        System.out.printf("guard: killed, and another one armed after %d ms%n", mended.toMillis());
        assertThat(mended).isLessThanOrEqualTo(MENDED_WITHIN);
        assertThat(guard.inheritedDeadline()).isPresent();
    }

    /** By its own word: sequence, deadline, its time, its number, the boot. */
    private static boolean isArmed(Path state) throws IOException {
        return Files.readString(state).matches("\\d+ [1-9]\\d* \\d+ \\d+ \\S+\n");
    }

    @Test
    void aGuardThatDoesNotAnswerIsReplacedWhenItIsNeeded() throws Exception {
        int before = guardPid().orElseThrow();
        Signal.STOP.sendTo(before);

        assertThat(guard.arm(in(LONG))).isEmpty();

        assertThat(guardPid()).isPresent().isNotEqualTo(Optional.of(before));
    }

    @Test
    void aGuardThatStopsListeningIsReplacedAtTheNextFeed() throws Exception {
        assertThat(guard.arm(in(LONG))).isEmpty();
        int before = guardPid().orElseThrow();
        Signal.STOP.sendTo(before);

        Awaitility.await().until(() -> {
            guard.feed(in(LONG));
            return guardPid().filter(pid -> pid != before).isPresent();
        });

        Awaitility.await().until(() -> guard.inheritedDeadline().isPresent());
    }

    @Test
    void aGuardThatIsKilledAgainAndAgainKnowsTheDeadlineInTheEnd() throws Exception {
        assertThat(guard.arm(in(LONG))).isEmpty();
        for (int times = 0; times < 20; times++) {
            guardPid().ifPresent(Signal.KILL::sendTo);
            Moment next = in(Duration.ofMillis(5L * times));
            Awaitility.await()
                    .pollDelay(Duration.ZERO)
                    .until(() -> server.clock.now().isAfter(next));
        }
        guard.disarm();
        assertThat(guard.arm(in(SHORT))).isEmpty();

        Awaitility.await().until(() -> server.processes().isEmpty());
    }

    /** An upgrade puts another script in its place; the deadline goes over to it. */
    @Test
    void theGuardOfAnotherVersionIsReplacedWithItsDeadline() throws Exception {
        assertThat(guard.arm(in(LONG))).isEmpty();
        Optional<Moment> deadline = guard.inheritedDeadline();
        int before = guardPid().orElseThrow();
        guard.close();
        Path script = Path.of(System.getProperty(AsPostgres.GUARD));
        Path moved = Files.createDirectories(temporary.resolve("next")).resolve("lease-guard");
        Files.copy(script, moved, StandardCopyOption.COPY_ATTRIBUTES);

        GuardProcess next = guard(moved, server.config.dataDir(), server.spawner, server.threads);
        next.start();

        assertThat(guardPid()).isPresent().isNotEqualTo(Optional.of(before));
        assertThat(next.inheritedDeadline()).isEqualTo(deadline);
        next.close();
    }

    /** Nobody would mend it once the agent is gone. */
    @Test
    void anAgentLeavesAGuardBehindThatKnowsTheDeadline() throws Exception {
        assertThat(guard.arm(in(LONG))).isEmpty();
        Optional<Moment> deadline = guard.inheritedDeadline();
        int before = guardPid().orElseThrow();
        Signal.KILL.sendTo(before);

        guard.close();

        assertThat(guardPid()).isPresent().isNotEqualTo(Optional.of(before));
        assertThat(guard.inheritedDeadline()).isEqualTo(deadline);
    }

    @Test
    void theNextAgentTakesTheGuardOver() throws Exception {
        assertThat(guard.arm(in(LONG))).isEmpty();
        guard.close();
        int pid = guardPid().orElseThrow();

        GuardProcess next = guard(server.config.dataDir(), server.spawner, server.threads);
        next.start();

        assertThat(guardPid()).contains(pid);
        assertThat(next.inheritedDeadline())
                .isEqualTo(guard.inheritedDeadline())
                .isPresent();
        assertThat(next.arm(in(LONG))).isEmpty();
        next.close();
    }

    @Test
    void aServerThatOnlyFinishesItsShutdownIsLeftAlone() throws Exception {
        int checkpointer = server.processTitled("checkpointer");
        // Whoever connects in the moment of the deadline may be a client that writes.
        server.lookNoMore();
        Moment deadline = in(SHORT);
        assertThat(guard.arm(deadline)).isEmpty();
        Signal.STOP.sendTo(checkpointer);
        server.postmaster.signal(Signal.INT);

        Moment decided = deadline.plus(Duration.ofMillis(500));
        Awaitility.await().until(() -> server.clock.now().isAfter(decided));
        assertThat(server.processes()).contains(checkpointer);
        Signal.CONT.sendTo(checkpointer);
        server.awaitGone();
        server.lookAgain();
        guard.disarm();

        server.succeed(new TaskSpec.StartPrimary(ServerUnderTest.LEASE));
        assertThat(server.output()).doesNotContain("not properly shut down");
    }

    @Test
    void orphansOfAKilledPostmasterAreStoppedToo() throws Exception {
        // A busy backend does not notice that its postmaster is gone; here nobody watches but the guard.
        ProcessBuilder other = new ProcessBuilder(
                "psql",
                "-h",
                server.config.dataDir().resolveSibling("").toString(),
                "-c",
                "do $$ begin loop null; end loop; end $$");
        other.environment().put("PGDATABASE", "postgres");
        Process client = other.start();
        Awaitility.await().until(() -> server.processes().stream()
                .anyMatch(pid -> ProcessTable.title(pid).endsWith(" DO")));
        int backend = server.processTitled(" DO");
        Signal.STOP.sendTo(backend);
        assertThat(guard.arm(in(SHORT))).isEmpty();

        Awaitility.await().until(() -> server.processes().isEmpty());

        client.waitFor();
    }

    private void commitForEver() {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create table t (i int)");
            while (true) {
                statement.execute("insert into t values (1)");
            }
        } catch (SQLException e) {
            // The end of the server is the end of this client.
        }
    }

    private int startFeeder() throws IOException {
        Process feeder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-D" + AsPostgres.GUARD + "=" + System.getProperty(AsPostgres.GUARD),
                        "-cp",
                        System.getProperty("java.class.path"),
                        GuardFeeder.class.getName(),
                        server.config.dataDir().toString())
                .inheritIO()
                .start();
        return (int) feeder.pid();
    }

    /** For people, who want to know; asserted is only the order. */
    private void print(Moment deadline) throws IOException {
        System.out.printf(
                "guard: nothing left %d ms after the deadline; it said: %s%n",
                deadline.until(server.clock.now()).toMillis(),
                Files.readString(server.config.runtimeDir().resolve("guard.log"))
                        .replace('\n', ' '));
    }

    private Optional<Integer> guardPid() {
        return ProcessTable.all().stream()
                .filter(pid -> ProcessTable.title(pid).contains("lease-guard " + server.config.dataDir()))
                .filter(ProcessTable::isAlive)
                .findFirst();
    }

    private Moment in(Duration time) {
        return server.clock.now().plus(time);
    }

    static GuardProcess guard(Path dataDir, Spawner spawner, Threads threads) {
        return guard(Path.of(System.getProperty(AsPostgres.GUARD)), dataDir, spawner, threads);
    }

    private static GuardProcess guard(Path script, Path dataDir, Spawner spawner, Threads threads) {
        Path home = dataDir.resolveSibling("run");
        return new GuardProcess(
                new GuardProcess.Guarded(
                        script,
                        dataDir,
                        home,
                        home.resolve("guard.log"),
                        "demo",
                        new TreeMap<>(Map.of("PATH", "/usr/bin:/bin"))),
                spawner,
                threads,
                new BootClock());
    }
}
