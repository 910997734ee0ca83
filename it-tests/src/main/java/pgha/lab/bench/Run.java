package pgha.lab.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import pgha.lab.Lab;
import pgha.lab.LabOptions;
import pgha.lab.Patience;
import pgha.lab.cluster.ClusterOptions;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;

/** One contender with one timing: what it costs etcd while nothing happens, and when the primary's host loses power. */
record Run(Contender contender, int ttl, int loopWait, int retryTimeout) {
    private static final String LAB = "etcdcost";
    private static final Duration READY_LIMIT = Duration.ofMinutes(3);
    private static final Duration FAILOVER_LIMIT = Duration.ofMinutes(2);
    /** Until the last of what a start brings about has been written. */
    private static final Duration SETTLING = Duration.ofSeconds(20);

    /** What it cost; the failover's seconds are those until the next primary has its replica. */
    record Costs(Run run, Cost idle, Cost failover) {}

    Costs measure(Duration idle) {
        LabOptions labOptions = LabOptions.named(LAB);
        ClusterOptions options = new ClusterOptions(LAB, ttl, Map.of(), Map.of(), List.of());
        Thread atTheEnd = new Thread(() -> Lab.destroy(LAB));
        Runtime.getRuntime().addShutdownHook(atTheEnd);
        try (LabCluster cluster = LabCluster.prepare(labOptions, options)) {
            cluster.nodes().forEach(node -> node.configure(timed(node.configuration())));
            cluster.nodes().parallelStream().forEach(contender::start);
            Patience.demand(
                    this + " is ready",
                    READY_LIMIT,
                    () -> isReady(cluster, cluster.nodes().size() - 1));
            Patience.until(SETTLING, () -> false);
            Meter meter = Meter.install(cluster.lab());
            Reading begun = meter.read();
            Patience.until(idle, () -> false);
            Reading idled = meter.read();
            LabNode primary = cluster.awaitPrimary();
            primary.host().powerLoss();
            Patience.demand(
                    "another leads",
                    FAILOVER_LIMIT,
                    () -> isReady(cluster, cluster.nodes().size() - 2));
            return new Costs(this, idled.since(begun), meter.read().since(idled));
        } finally {
            Runtime.getRuntime().removeShutdownHook(atTheEnd);
        }
    }

    /** The lab derives all timing from ttl. */
    private String timed(String yaml) {
        return yaml.replaceAll("loop_wait: \\d+", "loop_wait: " + loopWait)
                .replaceAll("retry_timeout: \\d+", "retry_timeout: " + retryTimeout);
    }

    private static boolean isReady(LabCluster cluster, int replicas) {
        return cluster.primary().isPresent()
                && cluster.nodes().stream()
                                .filter(node -> node.host().isRunning())
                                .filter(LabNode::isStreaming)
                                .count()
                        == replicas;
    }

    @Override
    public String toString() {
        return "%s %d/%d/%d".formatted(contender, ttl, loopWait, retryTimeout);
    }
}
