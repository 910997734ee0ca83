package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.LabProcess;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.workload.SessionHolder;
import pgha.lab.workload.SessionHolder.Ended;
import pgha.lab.workload.VipSampler.Holding;

/** Sessions that were open before a fault learn of their end at once, whatever they were doing. */
final class SessionsIT {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.named("sessionsit");

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    @Test
    void inASwitchover() {
        LabCluster cluster = RIG.cluster();
        LabNode from = cluster.awaitPrimary();
        String to = cluster.replicas().getFirst().name();
        during("switchover", () -> Faults.switchover(cluster, from.name(), to), () -> Faults.movedFrom(cluster, from));
    }

    @Test
    void whenThePostmasterIsKilled() {
        LabCluster cluster = RIG.cluster();
        LabProcess postmaster = cluster.awaitPrimary().runningPostmaster();
        during(
                "postmaster SIGKILL",
                () -> postmaster.signal(Signal.KILL),
                () -> !postmaster.isAlive() && Faults.isServed(cluster));
    }

    @Test
    void whenTheAgentIsTerminated() {
        LabCluster cluster = RIG.cluster();
        LabNode from = cluster.awaitPrimary();
        during("agent SIGTERM", () -> from.signalAgent(Signal.TERM), () -> Faults.movedFrom(cluster, from));
    }

    @Test
    void whenEtcdIsAway() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        during(
                "etcd outage",
                () -> {
                    cluster.etcd().stop();
                    Patience.demand("the VIP is released", LIMIT, () -> cluster.vipHolders()
                            .isEmpty());
                    cluster.etcd().goOn();
                },
                () -> Faults.isServed(cluster) || Faults.movedFrom(cluster, primary));
    }

    @Test
    void whenThePrimaryIsCutOffFromItsPeersAndHealed() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        during(
                "partition",
                () -> {
                    Faults.cutFromAllButClients(cluster, primary);
                    Patience.demand("the VIP moved", LIMIT, () -> Faults.movedFrom(cluster, primary));
                    cluster.lab().heal();
                },
                () -> Faults.movedFrom(cluster, primary));
    }

    private static void during(String fault, Runnable action, BooleanSupplier settled) {
        LabCluster cluster = RIG.cluster();
        SessionHolder sessions = SessionHolder.open(cluster);
        try {
            Observed observed =
                    Observed.during(cluster, fault, action, LIMIT, settled).isSafeButForTheLastInstant();

            assertThat(sessions.awaitAll(AT_ONCE))
                    .as(fault + ": sessions that hang: " + sessions.hanging())
                    .isTrue();
            long latest = releasedAt(observed) + AT_ONCE.toNanos();
            List<Ended> late = sessions.ends().values().stream()
                    .filter(end -> end.at() - latest > 0)
                    .toList();
            assertThat(late)
                    .as(fault + ": sessions told later than 1 s after the move")
                    .isEmpty();
            assertThat(sessions.ends().values())
                    .as(fault + ": no commit that waits may be acknowledged")
                    .noneMatch(end -> end.how().equals("acknowledged"));
        } finally {
            sessions.close();
        }
    }

    /** When the VIP first left its host; the fault itself if it stayed. */
    private static long releasedAt(Observed observed) {
        return observed.vipChanges().stream()
                .skip(1)
                .mapToLong(Holding::at)
                .findFirst()
                .orElse(observed.faultAt());
    }
}
