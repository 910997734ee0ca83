package pgha.lab.workload;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A client that writes row after row, the next one only when the last has ended, at most one each period.
 *
 * <p>Confined to its thread, but for {@link #stop}. After an error it connects anew at its next turn.
 */
final class ClosedLoopClient implements Runnable {
    /** How a client goes about it: whether it keeps its connection, and how often it writes at most. */
    record Habit(boolean keepsConnection, Duration period) {}

    private final String name;
    private final String targetName;
    private final Target target;
    private final Habit habit;
    private final Journal journal;
    private volatile boolean stopped;

    @Nullable
    private Connection connection;

    ClosedLoopClient(String name, String targetName, Target target, Habit habit, Journal journal) {
        this.name = name;
        this.targetName = targetName;
        this.target = target;
        this.habit = habit;
        this.journal = journal;
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        long periodNanos = habit.period().toNanos();
        long turn = System.nanoTime();
        for (int number = 1; !stopped && !Thread.currentThread().isInterrupted(); number++) {
            journal.add(attempt(name + "-" + number));
            turn = Math.max(turn + periodNanos, System.nanoTime() - periodNanos);
            for (long left = turn - System.nanoTime(); left > 0 && !stopped; left = turn - System.nanoTime()) {
                LockSupport.parkNanos(left);
                if (Thread.currentThread().isInterrupted()) {
                    break;
                }
            }
        }
        disconnect();
    }

    private Attempt attempt(String key) {
        long sentAt = System.nanoTime();
        Attempt.End end = Attempt.End.FAILED;
        try {
            Connection open = connection == null ? target.connect() : connection;
            connection = open;
            end = Attempt.End.UNKNOWN;
            int timeline = WriteStatement.insert(open, key, name);
            long endedAt = System.nanoTime();
            if (!habit.keepsConnection()) {
                disconnect();
            }
            return new Attempt(name, targetName, key, sentAt, endedAt, Attempt.End.ACKNOWLEDGED, timeline, "");
        } catch (SQLException e) {
            long endedAt = System.nanoTime();
            if (end == Attempt.End.UNKNOWN) {
                end = WriteStatement.endOf(e);
            }
            // A server that refuses to write is asked again on the same connection: it may become the primary.
            if (!isReadOnly(e) || !habit.keepsConnection() || targetName.equals(Journal.VIP)) {
                disconnect();
            }
            return new Attempt(name, targetName, key, sentAt, endedAt, end, 0, String.valueOf(e.getMessage()));
        }
    }

    private static boolean isReadOnly(SQLException e) {
        return "25006".equals(e.getSQLState());
    }

    private void disconnect() {
        Connection old = connection;
        connection = null;
        if (old != null) {
            Connections.abandon(old);
        }
    }
}
