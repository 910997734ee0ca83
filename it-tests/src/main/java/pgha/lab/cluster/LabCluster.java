package pgha.lab.cluster;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import pgha.lab.Lab;
import pgha.lab.LabException;
import pgha.lab.LabOptions;
import pgha.lab.Patience;

/** Three etcd members and a few nodes under one VIP, started, asked and ended together. */
public final class LabCluster implements AutoCloseable {
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);

    private final Lab lab;
    private final LabEtcd etcd;
    private final List<LabNode> nodes;

    private LabCluster(Lab lab) {
        this(lab, new LabEtcd(lab));
    }

    private LabCluster(Lab lab, LabEtcd etcd) {
        this.lab = lab;
        this.etcd = etcd;
        this.nodes = lab.options().nodes().stream()
                .map(name -> new LabNode(lab, name))
                .toList();
    }

    /** Makes the lab with etcd running and every node configured, but no agent started. */
    public static LabCluster prepare(LabOptions labOptions, ClusterOptions options) {
        return prepare(new LabCluster(Lab.create(labOptions)), options);
    }

    /** As {@link #prepare}, with an etcd that is locked and whose tokens live for {@code tokenTtl}. */
    public static LabCluster prepareLocked(LabOptions labOptions, ClusterOptions options, Duration tokenTtl) {
        Lab lab = Lab.create(labOptions);
        try {
            LabEtcd etcd = new LabEtcd(lab, Optional.of(new EtcdSecurity(lab, tokenTtl)));
            return prepare(new LabCluster(lab, etcd), options);
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    private static LabCluster prepare(LabCluster cluster, ClusterOptions options) {
        try {
            cluster.etcd.start();
            cluster.nodes.forEach(node -> node.configure(cluster.yaml(node, options)));
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** A running cluster of three with the default options. */
    public static LabCluster start(String name) {
        LabOptions labOptions = LabOptions.named(name);
        LabCluster cluster = prepare(labOptions, ClusterOptions.of(name, labOptions.vip()));
        try {
            cluster.startAgents();
            cluster.awaitReady();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** The cluster in a lab that another process made. */
    public static Optional<LabCluster> find(String name) {
        return Lab.find(name).map(LabCluster::new);
    }

    public Lab lab() {
        return lab;
    }

    public LabEtcd etcd() {
        return etcd;
    }

    public List<LabNode> nodes() {
        return nodes;
    }

    public LabNode node(String name) {
        return nodes.stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new LabException(
                        "no node \"" + name + "\"; there are " + lab.options().nodes()));
    }

    /** The configuration that {@code node} gets under {@code options}. */
    public String yaml(LabNode node, ClusterOptions options) {
        return AgentYaml.render(lab, etcd, node.name(), options);
    }

    /** All at the same instant, as far as one machine can. */
    public void startAgents() {
        nodes.parallelStream().forEach(LabNode::startAgent);
    }

    /** Returns once a primary answers under the VIP and all others stream from it. */
    public void awaitReady() {
        if (!Patience.until(READY_LIMIT, this::isReady)) {
            throw new LabException("the cluster is not ready after " + READY_LIMIT.toSeconds() + " s:\n" + explain());
        }
    }

    /** True if a primary answers under the VIP and every other node streams from it. */
    public boolean isReady() {
        // A base backup streams under its member's name as well, so the replicas themselves are asked.
        return viaVip("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
                                + " AND application_name IN (" + quotedNames() + ")")
                        .filter(Integer.toString(nodes.size() - 1)::equals)
                        .isPresent()
                && nodes.stream().filter(LabNode::isStreaming).count() == nodes.size() - 1
                && primary().isPresent();
    }

    /** The node whose agent answers 200 on /primary now. */
    public Optional<LabNode> primary() {
        return nodes.stream()
                .filter(node -> node.host().isRunning())
                .filter(node -> node.get("/primary").code() == 200)
                .findFirst();
    }

    /** The primary, waited for. */
    public LabNode awaitPrimary() {
        Patience.demand("there is a primary", READY_LIMIT, () -> primary().isPresent());
        return primary().orElseThrow(() -> new LabException("the primary went away at once:\n" + explain()));
    }

    /** Some node that is not the primary. */
    public List<LabNode> replicas() {
        String primary = awaitPrimary().name();
        return nodes.stream().filter(node -> !node.name().equals(primary)).toList();
    }

    /** The hosts whose kernel has the VIP. */
    public Set<String> vipHolders() {
        Set<String> holders = new TreeSet<>();
        nodes.stream()
                .map(LabNode::host)
                .filter(host -> host.kernelHasAddress(lab.options().vip()))
                .forEach(host -> holders.add(host.name()));
        return holders;
    }

    /** The answer of whoever has the VIP; empty if nobody answers the query. */
    public Optional<String> viaVip(String query) {
        return lab.clientThreads().call(() -> {
            try (Connection connection = connectVip(Duration.ofMillis(500), Duration.ofSeconds(30))) {
                return Optional.of(LabSql.single(connection, query));
            } catch (SQLException e) {
                return Optional.empty();
            }
        });
    }

    /** A connection through the VIP; to be called on a thread of the client host. */
    public Connection connectVip(Duration connectTimeout, Duration readTimeout) throws SQLException {
        return LabSql.connect(lab.options().vip(), lab.options().postgresPort(), connectTimeout, readTimeout);
    }

    /** The path of one of PostgreSQL's programs, of the newest major on the machine. */
    public String postgresProgram(String name) {
        return AgentYaml.postgresBinaries().resolve(name).toString();
    }

    /** What every agent logged last, for messages of tests that failed. */
    public String explain() {
        StringBuilder text = new StringBuilder();
        nodes.forEach(node -> text.append("--- ")
                .append(node.name())
                .append('\n')
                .append(node.logEnd())
                .append('\n'));
        return text.toString();
    }

    @Override
    public void close() {
        lab.close();
    }

    private String quotedNames() {
        return "'" + String.join("','", lab.options().nodes()) + "'";
    }
}
