package pgha.lab.soak;

import java.time.Duration;
import pgha.lab.LabException;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.EtcdOperator;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabEtcd;
import pgha.lab.cluster.LabNode;

/** Takes every fault away, whoever caused it, and waits until the cluster is itself again. Idempotent. */
final class Recovery {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Recovery() {}

    /** Power, network, every process going on, etcd and agents running, free space on every disk. */
    static void heal(LabCluster cluster, SmallDisks disks) {
        cluster.lab().hosts().stream().filter(host -> host.isRunning()).forEach(host -> {
            host.thaw();
            host.processes().forEach(process -> process.signal(Signal.CONT));
        });
        cluster.lab().heal();
        cluster.etcd().members().forEach(member -> startMember(cluster.etcd(), member));
        addRemoved(cluster);
        for (LabNode node : cluster.nodes()) {
            boot(disks, node);
            disks.free(node);
            node.innerFaults().stepClock(Duration.ZERO);
        }
    }

    private static void addRemoved(LabCluster cluster) {
        LabEtcd etcd = cluster.etcd();
        for (String member : etcd.members()) {
            if (etcd.isRemoved(member)) {
                etcd.awaitHealthy();
                new EtcdOperator(cluster).add(member);
            }
        }
    }

    /** How long it took until a primary served and all others streamed from it. */
    static Duration awaitReady(LabCluster cluster) {
        long healedAt = System.nanoTime();
        if (!Patience.until(LIMIT, cluster::isReady)) {
            throw new LabException("the cluster is not ready " + LIMIT.toMinutes()
                    + " min after everything was healed:\n" + cluster.explain());
        }
        return Duration.ofNanos(System.nanoTime() - healedAt);
    }

    static void boot(SmallDisks disks, LabNode node) {
        if (!node.host().isRunning()) {
            node.host().boot();
        }
        disks.mount(node);
        startAgent(node);
    }

    static void startAgent(LabNode node) {
        if (node.host().isRunning() && node.agent().isEmpty()) {
            node.startAgent();
        }
    }

    /** Unless it was removed: it would begin an etcd of its own. */
    static void startMember(LabEtcd etcd, String member) {
        if (etcd.process(member).isEmpty() && !etcd.isRemoved(member)) {
            etcd.start(member);
        }
    }
}
