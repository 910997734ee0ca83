package pgha.lab.workload;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import pgha.lab.ClientThreads;

/**
 * A client that begins a write at every turn, whether the earlier ones have ended or not.
 *
 * <p>As an application with a pool: a write takes an idle connection or opens one, and drops it after an error. A slow
 * answer delays no other attempt, so the gaps between acknowledgements are the cluster's own.
 */
public final class PacedClient implements AutoCloseable {
    private static final String NAME = "paced";

    private final Target target;
    private final Journal journal;
    private final ClientThreads threads;
    private final long periodNanos;
    private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
    private final AtomicInteger number = new AtomicInteger();
    private final Thread pacer;
    private volatile boolean stopped;

    public PacedClient(Target target, Duration period, Journal journal, ClientThreads threads) {
        this.target = target;
        this.journal = journal;
        this.threads = threads;
        this.periodNanos = period.toNanos();
        this.pacer = threads.thread(this::pace);
        pacer.setName(NAME);
    }

    public void start() {
        pacer.start();
    }

    @Override
    public void close() {
        stopped = true;
        LockSupport.unpark(pacer);
        idle.forEach(Connections::abandon);
    }

    private void pace() {
        long turn = System.nanoTime();
        while (!stopped) {
            threads.execute(this::write);
            turn += periodNanos;
            while (!stopped && turn - System.nanoTime() > 0) {
                LockSupport.parkNanos(turn - System.nanoTime());
            }
        }
    }

    private void write() {
        String key = NAME + "-" + number.incrementAndGet();
        long sentAt = System.nanoTime();
        Attempt.End end = Attempt.End.FAILED;
        Connection connection = idle.pollFirst();
        try {
            if (connection == null) {
                connection = target.connect();
            }
            end = Attempt.End.UNKNOWN;
            int timeline = WriteStatement.insert(connection, key, NAME);
            journal.add(new Attempt(
                    NAME, Journal.VIP, key, sentAt, System.nanoTime(), Attempt.End.ACKNOWLEDGED, timeline, ""));
            idle.addFirst(connection);
        } catch (SQLException e) {
            if (end == Attempt.End.UNKNOWN) {
                end = WriteStatement.endOf(e);
            }
            journal.add(new Attempt(
                    NAME, Journal.VIP, key, sentAt, System.nanoTime(), end, 0, String.valueOf(e.getMessage())));
            if (connection != null) {
                Connections.abandon(connection);
            }
        }
    }
}
