package pgha.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;
import pgha.lab.Lab;
import pgha.lab.LabException;
import pgha.lab.LabOptions;
import pgha.lab.Patience;
import pgha.lab.cluster.ClusterOptions;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.workload.SessionHolder;

/**
 * Gives each test of a class a running cluster, of three if it does not ask for fewer: the last test's, restored, or else a new one.
 *
 * <p>So one class bootstraps once, and a test that leaves ruins costs the next one a bootstrap and nothing more. Logs of a
 * test that failed are kept in {@code target/it-logs}.
 */
final class ClusterRig implements BeforeEachCallback, AfterAllCallback, TestWatcher {
    private static final Duration RESTORE_LIMIT = Duration.ofSeconds(45);

    private final String name;
    private final Daemon daemon;
    private final Supplier<LabCluster> making;

    @Nullable
    private LabCluster cluster;

    private ClusterRig(String name, Daemon daemon, Supplier<LabCluster> making) {
        this.name = name;
        this.daemon = daemon;
        this.making = making;
    }

    static ClusterRig named(String name) {
        return named(name, options -> options);
    }

    static ClusterRig named(String name, UnaryOperator<ClusterOptions> adjust) {
        return new ClusterRig(name, Daemon.AGENT, () -> create(name, adjust));
    }

    /** Of few nodes and one etcd, with a lease that a busy machine does not lose: for what an operator sees of one agent. */
    static ClusterRig small(String name, String... nodes) {
        return small(name, options -> options, nodes);
    }

    static ClusterRig small(String name, UnaryOperator<ClusterOptions> adjust, String... nodes) {
        return new ClusterRig(
                name,
                Daemon.AGENT,
                () -> LabCluster.prepare(
                        removedAtTheEnd(name).withNodes(List.of(nodes)).withStores(List.of("etcd-1")),
                        adjust.apply(defaults(name).withTtl(10))));
    }

    /** Of the machine's Patronis, each with what stands in for vip-manager beside it. */
    static ClusterRig ofPatronis(String name) {
        return new ClusterRig(name, Daemon.PATRONI, () -> {
            LabCluster cluster = create(name, Daemon::forBoth);
            cluster.nodes().forEach(Daemon::configurePatroni);
            return cluster;
        });
    }

    /** With an etcd that demands certificates and users, and whose tokens live for {@code tokenTtl}. */
    static ClusterRig locked(String name, Duration tokenTtl, UnaryOperator<ClusterOptions> adjust) {
        return new ClusterRig(
                name,
                Daemon.AGENT,
                () -> LabCluster.prepareLocked(removedAtTheEnd(name), adjust.apply(defaults(name)), tokenTtl));
    }

    /** The cluster of the running test. */
    LabCluster cluster() {
        if (cluster == null) {
            throw new IllegalStateException("no test is running");
        }
        return cluster;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        LabCluster old = cluster;
        if (old != null && restored(old)) {
            return;
        }
        afterAll(context);
        LabCluster fresh = making.get();
        cluster = fresh;
        fresh.nodes().parallelStream().forEach(node -> daemon.ensure(fresh, node));
        fresh.awaitReady();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        LabCluster old = cluster;
        cluster = null;
        if (old != null) {
            old.close();
        }
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        LabCluster failed = cluster;
        if (failed == null) {
            return;
        }
        Path directory =
                Path.of("target/it-logs", name, context.getRequiredTestMethod().getName());
        try {
            Files.createDirectories(directory);
            for (LabNode node : failed.nodes()) {
                Files.writeString(directory.resolve(node.name() + ".log"), node.log());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A lab with etcd and configured nodes in which no agent runs yet. */
    static LabCluster create(String name, UnaryOperator<ClusterOptions> adjust) {
        return LabCluster.prepare(removedAtTheEnd(name), adjust.apply(defaults(name)));
    }

    private static LabOptions removedAtTheEnd(String name) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Lab.destroy(name)));
        return LabOptions.named(name);
    }

    private static ClusterOptions defaults(String name) {
        return ClusterOptions.of(name, LabOptions.named(name).vip());
    }

    private boolean restored(LabCluster cluster) {
        try {
            cluster.lab().restore();
            cluster.etcd().goOn();
            cluster.etcd().members().stream()
                    .filter(member -> cluster.etcd().process(member).isEmpty())
                    .forEach(cluster.etcd()::start);
            cluster.nodes().forEach(node -> daemon.ensure(cluster, node));
            if (!Patience.until(RESTORE_LIMIT, cluster::isReady)) {
                return false;
            }
            SessionHolder.forgetNobody(cluster);
            return true;
        } catch (LabException e) {
            return false;
        }
    }
}
