package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.LabProcess;
import pgha.lab.Patience;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.workload.Attempt;
import pgha.lab.workload.Journal;
import pgha.lab.workload.PacedClient;
import pgha.lab.workload.VipSampler;
import pgha.lab.workload.Workload;

/** Agents that end and leave PostgreSQL running, and newer ones that take it over. */
final class DetachIT {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.named("detachit", options -> options.withTtl(10));

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration PERIOD = Duration.ofMillis(2);
    /** Without it the load was another than the name of the test says. */
    private static final double LEAST_RATE = 450;

    private static final Duration SAMPLE = Duration.ofMillis(20);

    @Test
    void aNewVersionOnEachNodeInTurnUnder500WritesASecondIsNotNoticed() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        List<LabNode> order = new ArrayList<>(cluster.replicas());
        order.add(primary);
        List<Optional<LabProcess>> postmasters =
                order.stream().map(LabNode::postmaster).toList();
        String timeline = Faults.timeline(cluster);
        Workload.createTable(cluster);
        Journal journal = new Journal();
        long from = System.nanoTime();
        try (VipSampler vip = new VipSampler(cluster::vipHolders, SAMPLE);
                PacedClient clients = new PacedClient(
                        () -> viaVip(cluster), PERIOD, journal, cluster.lab().clientThreads())) {
            vip.start();
            clients.start();
            order.forEach(DetachIT::upgrade);
            Patience.demand("the cluster is as before", LIMIT, cluster::isReady);
            assertThat(vip.changes()).as("places where the VIP was").hasSize(1);
        }
        double rate = report(journal.attempts(), System.nanoTime() - from);

        assertThat(journal.attempts().stream().filter(attempt -> !attempt.isAcknowledged()))
                .isEmpty();
        assertThat(rate).as("acknowledged writes a second").isGreaterThanOrEqualTo(LEAST_RATE);
        assertThat(order.stream().map(LabNode::postmaster)).isEqualTo(postmasters);
        assertThat(Faults.timeline(cluster)).isEqualTo(timeline);
        assertThat(cluster.awaitPrimary().name()).isEqualTo(primary.name());
    }

    @Test
    void anAgentThatDetachesForGoodIsReplacedLikeOneThatDied() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        LabProcess postmaster = primary.runningPostmaster();
        LabProcess agent = primary.runningAgent();

        Observed.during(
                        cluster,
                        "agent detached for good",
                        () -> primary.agentctl("detach").orThrow(),
                        LIMIT,
                        () -> Faults.movedFrom(cluster, primary))
                .isSafe();

        assertThat(agent.isAlive()).isFalse();
        assertThat(postmaster.isAlive()).isFalse();
        assertThat(primary.log()).contains("decision=LEAVE_DETACHED");
    }

    /** As a package manager: the new tree first, then the link, then the agent. */
    private static void upgrade(LabNode node) {
        LabProcess agent = node.runningAgent();
        node.host().exec("bash", "-ec", """
                cp -a /opt/pgha-agent /opt/pgha-agent-next
                umount -l /opt/pgha-agent
                rmdir /opt/pgha-agent
                ln -s pgha-agent-next /opt/pgha-agent
                """).orThrow();
        boolean leads = Faults.leads(node);
        assertThat(node.agentctl("detach").orThrow()).contains("The agent has ended.");
        assertThat(agent.awaitExit(LIMIT)).isTrue();
        node.startAgent();
        String path = leads ? "/primary" : "/replica";
        Patience.demand(
                "the new agent on " + node.name() + " answers",
                LIMIT,
                () -> node.get(path).code() == 200);
        String guards = node.host().exec("pgrep", "-fa", "lease-guard").orThrow();
        assertThat(guards.lines()).singleElement().asString().contains("/opt/pgha-agent-next/lib/lease-guard");
    }

    private static Connection viaVip(LabCluster cluster) throws SQLException {
        return cluster.connectVip(Duration.ofSeconds(3), LIMIT);
    }

    /** How many were acknowledged a second, over the whole of it. */
    private static double report(List<Attempt> attempts, long nanos) {
        long acknowledged = attempts.stream().filter(Attempt::isAcknowledged).count();
        double rate = acknowledged / (nanos / 1e9);
        long slowest = attempts.stream()
                .mapToLong(attempt -> attempt.endedAt() - attempt.sentAt())
                .max()
                .orElse(0);
        System.out.printf(
                "three agents replaced: %d writes, %.0f a second, %d not acknowledged, the slowest took %d ms%n",
                attempts.size(), rate, attempts.size() - acknowledged, slowest / 1_000_000);
        return rate;
    }
}
