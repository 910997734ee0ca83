package pgha.lab.history;

import java.net.Socket;
import java.net.SocketException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import pgha.lab.cluster.DeadlineSockets;
import pgha.lab.history.Outcome.Refused;
import pgha.lab.workload.Target;

/**
 * A client that appends and reads in turn, the next call only when the last has ended, at most one each period.
 *
 * <p>Confined to its thread, but for {@link #stop}. After an error it connects anew at its next turn.
 */
final class ListClient implements Runnable {
    /** How a client goes about it. */
    record Habit(boolean keepsConnection, Duration period) {}

    /** Whom a client talks to. */
    record Partner(String name, Target target) {}

    /** Of so many calls one is a read. */
    private static final int CALLS_PER_READ = 5;

    private final String name;
    private final Partner partner;
    private final Habit habit;
    private final List<String> lists;
    private final Recorder recorder;
    private volatile boolean stopped;

    @Nullable
    private Connection connection;

    private String host = "";

    ListClient(String name, Partner partner, Habit habit, List<String> lists, Recorder recorder) {
        this.name = name;
        this.partner = partner;
        this.habit = habit;
        this.lists = List.copyOf(lists);
        this.recorder = recorder;
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        long periodNanos = habit.period().toNanos();
        long turn = System.nanoTime();
        for (int number = 0; !stopped; number++) {
            // From the name on, so that clients do not go through the lists in step.
            String list = lists.get(Math.floorMod(name.hashCode() + number, lists.size()));
            if (number % CALLS_PER_READ == CALLS_PER_READ - 1) {
                read(list);
            } else {
                append(list);
            }
            if (!habit.keepsConnection()) {
                disconnect();
            }
            turn = Math.max(turn + periodNanos, System.nanoTime() - periodNanos);
            for (long left = turn - System.nanoTime(); left > 0 && !stopped; left = turn - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
        disconnect();
    }

    private void append(String list) {
        int value = recorder.nextValue();
        long startedAt = System.nanoTime();
        Outcome outcome;
        boolean sent = false;
        try {
            Connection open = connected();
            sent = true;
            outcome = ListSql.append(open, host, list, value);
        } catch (SQLException e) {
            outcome = sent ? ListSql.failed(e) : new Refused("cannot connect: " + e.getMessage());
            dropAfter(e);
        }
        recorder.add(new Append(call(list, startedAt), value, outcome));
    }

    /** A read that fails, or that a server in recovery would answer, says nothing and is not taken down. */
    private void read(String list) {
        long startedAt = System.nanoTime();
        try {
            Connection open = connected();
            Optional<Integer> timeline = ListSql.timelineOfPrimary(open);
            if (timeline.isPresent()) {
                List<Integer> items = ListSql.items(open, list);
                recorder.add(new Read(call(list, startedAt), items, new Server(host, timeline.get())));
            }
        } catch (SQLException e) {
            dropAfter(e);
        }
    }

    private Call call(String list, long startedAt) {
        return new Call(name, partner.name(), list, startedAt, System.nanoTime());
    }

    private Connection connected() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = partner.target().connect();
            connection = open;
            discardAtClose();
            host = ListSql.host(open);
        }
        return open;
    }

    /** Else the kernel would deliver an append that its client has long given up, when the network is healed. */
    private static void discardAtClose() throws SQLException {
        try {
            Socket socket = DeadlineSockets.lastOfThisThread()
                    .orElseThrow(() -> new IllegalStateException("the driver made no socket"));
            socket.setSoLinger(true, 0);
        } catch (SocketException e) {
            throw new SQLException("cannot set up a socket", e);
        }
    }

    private void dropAfter(SQLException failure) {
        // A server that is asked directly and refuses to write may become the primary: it is asked again.
        if (!ListSql.isReadOnly(failure) || partner.name().equals(Call.VIP)) {
            disconnect();
        }
    }

    private void disconnect() {
        Connection old = connection;
        connection = null;
        if (old != null) {
            try {
                old.abort(Runnable::run);
            } catch (SQLException e) {
                // It is gone already, which is all that is wanted.
            }
        }
    }
}
