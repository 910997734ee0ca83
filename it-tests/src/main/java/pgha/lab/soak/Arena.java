package pgha.lab.soak;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import pgha.lab.Lab;
import pgha.lab.LabOptions;
import pgha.lab.cluster.ClusterOptions;
import pgha.lab.cluster.LabCluster;

/** Keeps one cluster for many rounds, and makes a new one where a round has left ruins. Confined to one thread. */
public final class Arena implements AutoCloseable {
    /** What a commit of the cluster waits for. */
    public enum Replication {
        ASYNCHRONOUS,
        SYNCHRONOUS;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final String name;
    private final Replication replication;
    private final SmallDisks disks = new SmallDisks();
    /** What earlier rounds left in the lists; nothing may touch it any more. */
    private final Map<String, String> settled = new HashMap<>();

    @Nullable
    private LabCluster cluster;

    public Arena(String name, Replication replication) {
        this.name = name;
        this.replication = replication;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Lab.destroy(name)));
    }

    /** The cluster, ready; made at the first call and after {@link #abandon}. */
    LabCluster cluster() {
        LabCluster running = cluster;
        if (running != null) {
            return running;
        }
        LabOptions options = LabOptions.named(name);
        LabCluster fresh = LabCluster.prepare(
                options,
                ClusterOptions.of(name, options.vip())
                        .withParameter("max_wal_size", "'256MB'")
                        .withSetting("synchronous_mode", replication == Replication.SYNCHRONOUS ? "on" : "off"));
        cluster = fresh;
        fresh.nodes().forEach(disks::make);
        fresh.nodes().forEach(node -> node.innerFaults().prepare());
        fresh.startAgents();
        fresh.awaitReady();
        return fresh;
    }

    Replication replication() {
        return replication;
    }

    SmallDisks disks() {
        return disks;
    }

    Map<String, String> settled() {
        return settled;
    }

    /** Follows who leads the cluster, until it is closed. */
    LeaderWatch watchLeader() {
        return LeaderWatch.start(cluster().etcd(), name);
    }

    /** Ends the cluster; the next round begins with a new one. */
    void abandon() {
        LabCluster old = cluster;
        cluster = null;
        settled.clear();
        if (old != null) {
            old.close();
        }
    }

    @Override
    public void close() {
        abandon();
    }
}
