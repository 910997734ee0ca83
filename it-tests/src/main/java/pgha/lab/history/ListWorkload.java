package pgha.lab.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import pgha.lab.LabException;
import pgha.lab.Patience;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.cluster.LabSql;
import pgha.lab.history.ListClient.Habit;
import pgha.lab.history.ListClient.Partner;
import pgha.lab.workload.Target;
import pgha.lab.workload.VipSampler;

/**
 * The list clients of one run over one cluster: four through the VIP, and one at every node directly.
 *
 * <p>Begin it before the fault, end it after the recovery, then give {@link #history} and {@link #finalState} to the
 * checker. Every run has lists of its own.
 */
public final class ListWorkload implements AutoCloseable {
    private static final int LISTS = 6;
    /** The kernel alone answers, so a busy machine does not count; and clients must not sleep through an outage. */
    private static final Duration CONNECT_LIMIT = Duration.ofMillis(250);

    private static final Duration SHORT_READ = Duration.ofSeconds(1);
    private static final Duration LONG_READ = Duration.ofSeconds(3);
    private static final Duration QUERY_LIMIT = Duration.ofSeconds(20);
    private static final Duration END_LIMIT = Duration.ofSeconds(10);
    private static final Duration SAMPLE_PERIOD = Duration.ofMillis(20);
    private static final Habit KEEPING = new Habit(true, Duration.ofMillis(60));
    private static final Habit RECONNECTING = new Habit(false, Duration.ofMillis(100));
    private static final Habit DIRECT = new Habit(true, Duration.ofMillis(40));

    private final LabCluster cluster;
    private final String run;
    private final Recorder recorder = new Recorder();
    private final VipSampler vip;
    private final List<ListClient> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private ListWorkload(LabCluster cluster, String run) {
        this.cluster = cluster;
        this.run = run;
        this.vip = new VipSampler(() -> holders(cluster), SAMPLE_PERIOD);
    }

    /** Starts all clients and returns once each of those through the VIP has been acknowledged. */
    public static ListWorkload start(LabCluster cluster, String run) {
        ListWorkload workload = new ListWorkload(cluster, run + "/");
        List<String> lists = IntStream.rangeClosed(1, LISTS)
                .mapToObj(number -> workload.run + number)
                .toList();
        workload.onPrimary(connection -> {
            LabSql.execute(connection, ListSql.CREATE_TABLE);
            for (String list : lists) {
                ListSql.createList(connection, list);
            }
            return lists;
        });
        for (int number = 1; number <= 2; number++) {
            workload.add("keep" + number, Call.VIP, () -> cluster.connectVip(CONNECT_LIMIT, LONG_READ), KEEPING, lists);
            workload.add(
                    "again" + number,
                    Call.VIP,
                    () -> cluster.connectVip(CONNECT_LIMIT, SHORT_READ),
                    RECONNECTING,
                    lists);
        }
        for (LabNode node : cluster.nodes()) {
            workload.add("at-" + node.name(), node.name(), () -> direct(cluster, node), DIRECT, lists);
        }
        workload.vip.start();
        workload.threads.forEach(Thread::start);
        Patience.demand(
                "every client appends through the VIP", END_LIMIT, () -> workload.recorder.clientsAcknowledged() == 4);
        return workload;
    }

    /** What was seen so far. */
    public History history() {
        return recorder.history(vip.changes());
    }

    /** Returns once clients of the VIP are acknowledged again for appends that they began after {@code moment}. */
    public void awaitAppendsAfter(long moment, Duration limit) {
        Patience.demand("clients append again", limit, () -> recorder.firstViaVipAfter(moment)
                .isPresent());
    }

    /** The lists of this run as the primary has them; to be asked when all clients have ended. */
    public FinalState finalState() {
        return onPrimary(connection -> {
            int timeline = ListSql.timelineOfPrimary(connection)
                    .orElseThrow(() -> new LabException("the server at the VIP is in recovery"));
            return new FinalState(ListSql.allItems(connection, run), timeline, ListSql.forks(connection, timeline));
        });
    }

    /** A digest of every list of every run, at the VIP. */
    public static Map<String, String> digests(LabCluster cluster) {
        return cluster.lab().clientThreads().call(() -> {
            try (Connection connection = cluster.connectVip(LONG_READ, QUERY_LIMIT)) {
                return ListSql.digests(connection);
            }
        });
    }

    /** As {@link #digests(LabCluster)}, on that node. */
    public static Map<String, String> digests(LabCluster cluster, LabNode node) {
        return cluster.lab().clientThreads().call(() -> {
            try (Connection connection = node.connect()) {
                return ListSql.digests(connection);
            }
        });
    }

    /** Ends all clients and waits for their last answers; unanswered appends have ended on the server as well. */
    @Override
    public void close() {
        clients.forEach(ListClient::stop);
        vip.close();
        for (Thread thread : threads) {
            try {
                thread.join(END_LIMIT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns once no statement of a client that has given up is at work any more. */
    public void awaitSilence() {
        Patience.demand("no append is at work any more", END_LIMIT, () -> onPrimary(connection -> LabSql.single(
                        connection,
                        "SELECT count(*) FROM pg_stat_activity WHERE state <> 'idle' AND application_name = 'lab'"
                                + " AND pid <> pg_backend_pid()"))
                .equals("0"));
    }

    /** What is done with a connection. */
    private interface Use<T> {
        T on(Connection connection) throws SQLException;
    }

    private <T> T onPrimary(Use<T> use) {
        return cluster.lab().clientThreads().call(() -> {
            try (Connection connection = cluster.connectVip(LONG_READ, QUERY_LIMIT)) {
                return use.on(connection);
            }
        });
    }

    /** Two hosts count only if the first look and a second one agree: the VIP may move while the kernels are asked in turn. */
    private static Set<String> holders(LabCluster cluster) {
        Set<String> holders = new TreeSet<>(cluster.vipHolders());
        if (holders.size() > 1) {
            holders.retainAll(cluster.vipHolders());
        }
        return holders;
    }

    private static Connection direct(LabCluster cluster, LabNode node) throws SQLException {
        return LabSql.connect(node.host().address(), cluster.lab().options().postgresPort(), CONNECT_LIMIT, LONG_READ);
    }

    private void add(String name, String partner, Target target, Habit habit, List<String> lists) {
        ListClient client = new ListClient(name, new Partner(partner, target), habit, lists, recorder);
        clients.add(client);
        Thread thread = cluster.lab().clientThreads().thread(client);
        thread.setName(name);
        threads.add(thread);
    }
}
