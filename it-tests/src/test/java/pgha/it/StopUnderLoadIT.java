package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.LabException;
import pgha.lab.LabHost;
import pgha.lab.LabProcess;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.workload.SessionHolder;
import pgha.lab.workload.SessionHolder.Kind;

/** A primary that must go has much to write and a receiver that does not listen. */
final class StopUnderLoadIT {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.named("stopunderload", options -> options.withTtl(10)
            .withParameter("shared_buffers", "768MB")
            .withParameter("max_wal_size", "4GB")
            .withParameter("checkpoint_timeout", "30min")
            .withParameter("bgwriter_lru_maxpages", "0"));

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void manyDirtyPagesAndASilentReceiverDoNotDelayTheEndOfWriting() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        int logged = postgresLog(primary).length();
        LabProcess receiver = walReceiver(cluster.replicas().getFirst());

        Observed.during(
                        cluster,
                        "etcd silent, 500 MB dirty, walreceiver stopped",
                        () -> {
                            dirty(primary);
                            receiver.signal(Signal.STOP);
                            cluster.etcd().stop();
                            Patience.demand("the VIP is released", LIMIT, () -> cluster.vipHolders()
                                    .isEmpty());
                            assertThat(isWriting(primary))
                                    .as("a writer without the VIP")
                                    .isFalse();
                            cluster.etcd().goOn();
                            receiver.signal(Signal.CONT);
                        },
                        LIMIT,
                        cluster::isReady)
                .isSafeButForTheLastInstant();

        assertThat(postgresLog(primary).substring(logged))
                .contains("database system was shut down")
                .doesNotContain("was not properly shut down");
    }

    /** The postmaster dies, its backend waits in COMMIT for a standby that never comes: the client must not hear "done". */
    @Test
    void aCommitThatWaitsWhenThePostmasterIsKilledIsNeverAcknowledged() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        LabProcess postmaster = primary.runningPostmaster();
        SessionHolder sessions = SessionHolder.open(cluster);
        try {
            primary.signalAgent(Signal.STOP);
            postmaster.signal(Signal.KILL);

            assertThat(Patience.until(LIMIT, () -> sessions.ends().containsKey(Kind.WAITING_IN_COMMIT)))
                    .isTrue();
            assertThat(sessions.ends().values()).noneMatch(end -> end.how().equals("acknowledged"));
            Patience.demand("another node serves", LIMIT, () -> Faults.movedFrom(cluster, primary));
            Patience.demand("no backend is left behind", LIMIT, () -> backends(primary.host()) == 0);
        } finally {
            sessions.close();
        }
    }

    /** Changes half a gigabyte of pages and leaves them to the next checkpoint. */
    private static void dirty(LabNode primary) {
        primary.execute(
                "CREATE TABLE IF NOT EXISTS dirty (number int, filler text)",
                "INSERT INTO dirty SELECT n, repeat('x', 900) FROM generate_series(1, 520000) n");
    }

    private static LabProcess walReceiver(LabNode replica) {
        return replica.host().processes().stream()
                .filter(process -> process.commandLine().contains("walreceiver"))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isWriting(LabNode node) {
        try {
            return node.sql("SELECT pg_is_in_recovery()").equals("f");
        } catch (LabException e) {
            return false;
        }
    }

    private static long backends(LabHost host) {
        return host.processes().stream()
                .filter(process -> process.commandLine().startsWith("postgres: "))
                .filter(process -> process.commandLine().contains(" postgres 10."))
                .count();
    }

    /** What the postmasters of this node have said; the agent keeps it in its runtime directory. */
    private static String postgresLog(LabNode node) {
        return node.host()
                .exec("bash", "-c", "cat /run/pgha-agent/*/postgres.out")
                .orThrow();
    }
}
