package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.LabProcess;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;

/** Things that happen to the primary, or to somebody else, without anybody's wish. */
final class FailoverIT {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.named("failoverit");

    private static final Duration LIMIT = Duration.ofSeconds(40);

    @Test
    void aKilledPostmasterIsBackOrReplacedWithoutLoss() {
        LabCluster cluster = RIG.cluster();
        LabProcess postmaster = cluster.awaitPrimary().runningPostmaster();

        Observed.during(
                        cluster,
                        "postmaster SIGKILL",
                        () -> postmaster.signal(Signal.KILL),
                        LIMIT,
                        () -> !postmaster.isAlive() && Faults.isServed(cluster))
                .isSafe();
    }

    @Test
    void aKilledPostmasterIsNoticedAsFastWhenItWasAdopted() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        LabProcess postmaster = primary.runningPostmaster();
        Faults.restartLeadingAgent(primary);
        // A watcher that polls does so more and more rarely: a minute is long enough to tell.
        assertThat(Patience.until(Duration.ofSeconds(60), () -> !postmaster.isAlive()))
                .isFalse();

        Observed.during(
                        cluster,
                        "postmaster SIGKILL, adopted 60 s ago",
                        () -> postmaster.signal(Signal.KILL),
                        LIMIT,
                        () -> !postmaster.isAlive() && Faults.isServed(cluster))
                .isSafe();
    }

    @Test
    void anAgentThatIsKilledAndReturnsIsNotNoticed() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        LabProcess postmaster = primary.runningPostmaster();
        String timeline = Faults.timeline(cluster);

        Observed.during(
                        cluster,
                        "agent SIGKILL and restart",
                        () -> Faults.restartLeadingAgent(primary),
                        LIMIT,
                        () -> Faults.leads(primary))
                .isSafe()
                .isUnnoticed();

        assertThat(primary.runningPostmaster()).isEqualTo(postmaster);
        assertThat(Faults.timeline(cluster)).isEqualTo(timeline);
    }

    @Test
    void aKilledAgentThatDoesNotReturnStopsItsPrimaryBeforeTheNextOne() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        LabProcess postmaster = primary.runningPostmaster();

        Observed.during(
                        cluster,
                        "agent SIGKILL",
                        () -> primary.signalAgent(Signal.KILL),
                        LIMIT,
                        () -> Faults.movedFrom(cluster, primary))
                .isSafe();

        assertThat(postmaster.isAlive()).isFalse();
    }

    @Test
    void aStoppedAgentStopsItsPrimaryBeforeTheNextOneAndRejoins() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        LabProcess postmaster = primary.runningPostmaster();

        Observed.during(
                        cluster,
                        "agent SIGSTOP",
                        () -> primary.signalAgent(Signal.STOP),
                        LIMIT,
                        () -> Faults.movedFrom(cluster, primary))
                .isSafe();

        assertThat(postmaster.isAlive()).isFalse();
        primary.signalAgent(Signal.CONT);
        cluster.awaitReady();
        assertThat(cluster.awaitPrimary().name()).isNotEqualTo(primary.name());
    }

    @Test
    void aTerminatedAgentHandsOverAndStopsItsPostgresInOrder() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        LabProcess agent = primary.runningAgent();
        LabProcess postmaster = primary.runningPostmaster();

        Observed.during(
                        cluster,
                        "agent SIGTERM",
                        () -> agent.signal(Signal.TERM),
                        LIMIT,
                        () -> Faults.movedFrom(cluster, primary))
                .isSafe();

        assertThat(agent.awaitExit(LIMIT)).isTrue();
        assertThat(postmaster.isAlive()).isFalse();
        assertThat(Faults.controlData(cluster, primary)).contains("shut down");
    }

    @Test
    void aHostThatLosesPowerIsReplacedAndComesBackAsReplica() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        long lastKnown = optime(cluster);

        Observed observed = Observed.during(
                        cluster,
                        "host power loss",
                        () -> primary.host().powerLoss(),
                        LIMIT,
                        () -> Faults.movedFrom(cluster, primary))
                .isSafeButForTheLastInstant();

        assertThat(lastKnown - promotedAt(cluster))
                .as("bytes that the winner lacked, of " + observed.lost().size()
                        + " lost rows; maximum_lag_on_failover")
                .isLessThanOrEqualTo(1_048_576);
        primary.host().boot();
        primary.startAgent();
        cluster.awaitReady();
    }

    @Test
    void aPrimaryThatIsCutOffFromEverybodyIsOutOfTheWayInTimeAndRejoins() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        LabProcess postmaster = primary.runningPostmaster();

        Observed.during(
                        cluster,
                        "primary cut off from everybody",
                        () -> cluster.lab().isolate(primary.name()),
                        LIMIT,
                        () -> Faults.movedFrom(cluster, primary))
                .isSafeButForTheLastInstant();

        assertThat(postmaster.isAlive()).isFalse();
        cluster.lab().heal();
        cluster.awaitReady();
        assertThat(cluster.awaitPrimary().name()).isNotEqualTo(primary.name());
    }

    /** The harder cut: clients still reach the old primary and would go on writing there. */
    @Test
    void aPrimaryThatOnlyClientsReachDoesNotAcknowledgeBesideTheNextOne() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();

        Observed.during(
                        cluster,
                        "primary cut off from etcd and peers",
                        () -> Faults.cutFromAllButClients(cluster, primary),
                        LIMIT,
                        () -> Faults.movedFrom(cluster, primary))
                .isSafeButForTheLastInstant();

        cluster.lab().heal();
        cluster.awaitReady();
    }

    @Test
    void aReplicaThatIsCutOffIsNobodysProblemButItsOwn() {
        LabCluster cluster = RIG.cluster();
        LabNode replica = cluster.replicas().getFirst();
        String timeline = Faults.timeline(cluster);

        Observed.during(
                        cluster,
                        "replica cut off and healed",
                        () -> {
                            cluster.lab().isolate(replica.name());
                            Faults.last(Duration.ofSeconds(7));
                            cluster.lab().heal();
                        },
                        LIMIT,
                        cluster::isReady)
                .isSafe()
                .isUnnoticed();

        assertThat(Faults.timeline(cluster)).isEqualTo(timeline);
    }

    /** The last position of the primary that the store knows. */
    private static long optime(LabCluster cluster) {
        String key = "/service/" + cluster.lab().options().name() + "/status";
        String status = cluster.etcd().get(key).orElseThrow();
        return Long.parseLong(status.replaceAll(".*\"optime\": ?(\\d+).*", "$1"));
    }

    /** Where the newest timeline forked off, from the history that the new primary has published. */
    private static long promotedAt(LabCluster cluster) {
        String key = "/service/" + cluster.lab().options().name() + "/history";
        Patience.demand(
                "the history is published", LIMIT, () -> cluster.etcd().get(key).isPresent());
        Optional<String> history = cluster.etcd().get(key);
        List<String> entries = List.of(history.orElseThrow().split("\\],"));
        return Long.parseLong(entries.getLast().replaceAll("[\\[ ]*\\d+, *(\\d+).*", "$1"));
    }
}
