package pgha.lab.workload;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import pgha.lab.LabException;
import pgha.lab.Patience;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.cluster.LabSql;
import pgha.lab.workload.ClosedLoopClient.Habit;

/**
 * The clients of a test: some keep their connection, some reconnect, and one tries to write on every node directly.
 *
 * <p>Begin it before the fault, end it after the recovery, then judge the {@link Journal}.
 */
public final class Workload implements AutoCloseable {
    /** The kernel alone answers, so a busy machine does not count; and clients must not sleep through an outage. */
    private static final Duration CONNECT_LIMIT = Duration.ofMillis(250);

    private static final Duration READ_LIMIT = Duration.ofSeconds(3);
    private static final Habit KEEPING = new Habit(true, Duration.ofMillis(100));
    private static final Habit RECONNECTING = new Habit(false, Duration.ofMillis(100));
    private static final Habit PROBING = new Habit(true, Duration.ofMillis(50));
    private static final Duration SAMPLE_PERIOD = Duration.ofMillis(20);
    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    private final LabCluster cluster;
    private final Journal journal = new Journal();
    private final VipSampler vip;
    private final List<ClosedLoopClient> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private Workload(LabCluster cluster) {
        this.cluster = cluster;
        this.vip = new VipSampler(cluster::vipHolders, SAMPLE_PERIOD);
    }

    /** Starts 4 + 4 clients through the VIP and a prober a node, and returns once each client has been acknowledged. */
    public static Workload start(LabCluster cluster) {
        createTable(cluster);
        Workload workload = new Workload(cluster);
        String run = Long.toString(System.nanoTime(), Character.MAX_RADIX);
        for (int number = 1; number <= 4; number++) {
            workload.add("keep" + number + "-" + run, Journal.VIP, workload::viaVip, KEEPING);
            workload.add("again" + number + "-" + run, Journal.VIP, workload::viaVip, RECONNECTING);
        }
        for (LabNode node : cluster.nodes()) {
            workload.add("probe-" + node.name() + "-" + run, node.name(), () -> direct(cluster, node), PROBING);
        }
        workload.vip.start();
        workload.threads.forEach(Thread::start);
        Patience.demand("every client writes through the VIP", END_LIMIT, () -> workload.clientsAcknowledged() == 8);
        return workload;
    }

    /** Makes the table that the clients write to, through the VIP. */
    public static void createTable(LabCluster cluster) {
        String done = cluster.lab().clientThreads().call(() -> {
            try (Connection connection = cluster.connectVip(READ_LIMIT, END_LIMIT)) {
                LabSql.execute(connection, WriteStatement.CREATE_TABLE);
                return LabSql.single(connection, "SELECT to_regclass('written')");
            }
        });
        if (!done.equals("written")) {
            throw new LabException("cannot create the clients' table: there is " + done);
        }
    }

    /** The keys that the server at the VIP has now. */
    public static Set<String> present(LabCluster cluster) {
        return cluster.lab().clientThreads().call(() -> {
            try (Connection connection = cluster.connectVip(READ_LIMIT, END_LIMIT)) {
                return keys(connection);
            }
        });
    }

    public Journal journal() {
        return journal;
    }

    public VipSampler vip() {
        return vip;
    }

    /** Returns once clients are acknowledged again for attempts that they began after {@code moment}. */
    public void awaitWritesAfter(long moment, Duration limit) {
        Patience.demand("clients write again", limit, () -> journal.firstViaVipAfter(moment)
                .isPresent());
    }

    /** Ends all clients and waits for their last answers. */
    @Override
    public void close() {
        clients.forEach(ClosedLoopClient::stop);
        threads.forEach(Thread::interrupt);
        vip.close();
        for (Thread thread : threads) {
            try {
                thread.join(END_LIMIT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Connection viaVip() throws SQLException {
        return cluster.connectVip(CONNECT_LIMIT, READ_LIMIT);
    }

    private static Connection direct(LabCluster cluster, LabNode node) throws SQLException {
        return LabSql.connect(node.host().address(), cluster.lab().options().postgresPort(), CONNECT_LIMIT, READ_LIMIT);
    }

    private void add(String name, String targetName, Target target, Habit habit) {
        ClosedLoopClient client = new ClosedLoopClient(name, targetName, target, habit, journal);
        clients.add(client);
        Thread thread = cluster.lab().clientThreads().thread(client);
        thread.setName(name);
        threads.add(thread);
    }

    private long clientsAcknowledged() {
        return journal.acknowledged().stream()
                .filter(attempt -> attempt.target().equals(Journal.VIP))
                .map(Attempt::client)
                .distinct()
                .count();
    }

    private static Set<String> keys(Connection connection) throws SQLException {
        Set<String> keys = new TreeSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT key FROM written")) {
            while (rows.next()) {
                keys.add(rows.getString(1));
            }
        }
        return keys;
    }
}
