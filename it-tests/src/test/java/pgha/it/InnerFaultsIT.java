package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import pgha.lab.Command;
import pgha.lab.LabProcess;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.InnerFaults.Clocks;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;

/** Faults inside of the programs of a node: a wall clock that is stepped by an hour, and a Java heap that is full. */
final class InnerFaultsIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration HOUR = Duration.ofHours(1);
    /** Processes see the step within a second. */
    private static final Duration SEEN_BY_ALL = Duration.ofSeconds(3);

    private static final long A_MINUTE_MILLIS = 60_000;
    /** The lease is 5 s; guards count in hundredths. */
    private static final long LEASE = 500;

    private static LabCluster cluster;

    @BeforeAll
    static void startCluster() {
        cluster = ClusterRig.create("innerfaultsit", options -> options);
        cluster.nodes().forEach(node -> node.innerFaults().prepare());
        cluster.startAgents();
        cluster.awaitReady();
    }

    @AfterAll
    static void endCluster() {
        cluster.close();
    }

    @Test
    void anHourForwardAndBackChangesNothing() {
        LabNode primary = cluster.awaitPrimary();
        LabProcess postmaster = primary.runningPostmaster();

        Observed.during(
                        cluster,
                        "wall clock an hour forward, and an hour back",
                        () -> {
                            primary.innerFaults().stepClock(HOUR);
                            Faults.last(SEEN_BY_ALL);
                            assertStepped(primary);
                            primary.innerFaults().stepClock(Duration.ZERO);
                            Faults.last(SEEN_BY_ALL);
                        },
                        LIMIT,
                        () -> Faults.leads(primary))
                .isSafe();

        assertThat(primary.runningPostmaster()).isEqualTo(postmaster);
        assertThat(Guards.log(cluster, primary)).isEmpty();
    }

    /** Seen by PostgreSQL, by the agent and by what starts now; not on the clocks that deadlines are counted on. */
    private static void assertStepped(LabNode node) {
        long hence = System.currentTimeMillis() + HOUR.toMillis();
        long before = System.nanoTime();
        Clocks clocks = node.innerFaults().clocks();
        assertThat(clocks.nanos()).isBetween(before, System.nanoTime());
        assertThat(clocks.wallMillis()).isBetween(hence, hence + A_MINUTE_MILLIS);

        String seconds = node.sql("SELECT extract(epoch FROM clock_timestamp())::bigint");
        assertThat(Long.parseLong(seconds) * 1000).isBetween(hence - 1000, hence + A_MINUTE_MILLIS);

        node.signalAgent(Signal.HUP);
        Patience.demand("the agent's log is an hour ahead", LIMIT, () -> lastLogged(node) >= hence - 1000);
        // The agent's word on its own clock, in the numbers of the kernel's that runs on in suspend.
        assertThat(Guards.deadline(cluster, node) - Guards.bootClock(node)).isBetween(-LEASE, LEASE);
    }

    private static long lastLogged(LabNode node) {
        String line = node.log().lines().toList().getLast();
        return LocalDateTime.parse(line.substring(0, 19).replace(' ', 'T'))
                .toInstant(ZoneOffset.UTC)
                .toEpochMilli();
    }

    @Test
    void anAgentWhoseHeapIsFullEndsAtOnceAndIsReplaced() {
        LabNode primary = cluster.awaitPrimary();
        LabProcess agent = primary.runningAgent();

        Observed.during(
                        cluster,
                        "the agent's heap is full",
                        () -> {
                            primary.innerFaults().fillHeap();
                            agent.awaitExit(LIMIT);
                        },
                        LIMIT,
                        () -> Faults.movedFrom(cluster, primary))
                .isSafe();

        assertThat(agent.isAlive()).isFalse();
        assertThat(primary.log()).contains("Terminating due to java.lang.OutOfMemoryError");
        primary.startAgent();
        cluster.awaitReady();
    }

    /** Some exit codes tell the service manager that another start would change nothing. That of a full heap does not. */
    @Test
    void systemdStartsAnAgentAgainWhoseHeapWasFull() throws IOException {
        LabNode replica = cluster.replicas().getFirst();
        LabProcess agent = replica.runningAgent();
        agent.signal(Signal.KILL);
        agent.awaitExit(LIMIT);

        CompletableFuture<Command.Result> end = CompletableFuture.supplyAsync(() -> replica.runAgent(LIMIT));
        Patience.demand(
                "an agent answers", LIMIT, () -> replica.get("/liveness").code() == 200);
        replica.innerFaults().fillHeap();

        int status = end.join().exitCode();
        assertThat(status).isNotZero();
        assertThat(neverStartedAgain()).doesNotContain(Integer.toString(status));
        replica.startAgent();
        cluster.awaitReady();
    }

    private static List<String> neverStartedAgain() throws IOException {
        Path unit = cluster.lab().options().distribution().resolve("systemd/pgha-agent.service");
        return Files.readAllLines(unit).stream()
                .filter(line -> line.startsWith("RestartPreventExitStatus="))
                .flatMap(line -> Arrays.stream(line.replaceAll(".*=", "").split(" ")))
                .toList();
    }
}
