package pgha.agent.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import pgha.agent.ha.Observation;
import pgha.agent.os.BootClock;
import pgha.agent.os.Threads;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Timeline;

/**
 * Samples PostgreSQL and its files, and tells of it only when something has changed.
 *
 * <p>A thread of its own: every 500 ms, every 100 ms while something is expected to change, and at once when asked.
 * PostgreSQL offers nothing better. Keeps one connection. A server that does not answer costs at most three seconds,
 * and is told as an observation without SQL.
 */
public final class Observer {
    private static final Duration STEADY = Duration.ofMillis(500);
    private static final Duration HURRIED = Duration.ofMillis(100);
    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(2);

    private final Supplier<PostgresConfig> config;
    private final Postmaster postmaster;
    private final DirectoryReader directories;
    private final BootClock clock;
    private final BiConsumer<Observation, Moment> changed;

    private final Semaphore wakeUps = new Semaphore(0);
    private volatile Moment hurriedUntil = Moment.EARLIEST;

    // Confined to the observer's thread.
    private Observation last = Observation.NONE;
    private @Nullable Connection connection;
    private Optional<Integer> lastPid = Optional.empty();
    private Optional<Boolean> lastInRecovery = Optional.empty();
    private Optional<Timeline> greatest = Optional.empty();
    private @Nullable HistoryFiles history;

    Observer(
            Supplier<PostgresConfig> config,
            Postmaster postmaster,
            ControlReader control,
            BootClock clock,
            BiConsumer<Observation, Moment> changed) {
        this.config = config;
        this.postmaster = postmaster;
        this.directories = new DirectoryReader(control);
        this.clock = clock;
        this.changed = changed;
    }

    public void start(Threads threads) {
        threads.start("observer", this::run);
    }

    /** Looks five times as often for a while, and now; and tells each time, for a position is worth no more than its age. */
    public void hurry(Duration howLong) {
        goOnHurrying(howLong);
        lookNow();
    }

    /** The same from the next turn on. */
    public void goOnHurrying(Duration howLong) {
        hurriedUntil = Moment.later(hurriedUntil, clock.now().plus(howLong));
    }

    /** Looks once more without waiting for the next turn. */
    public void lookNow() {
        wakeUps.release();
    }

    private void run() {
        boolean asked = true;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                boolean hurried = clock.now().isBefore(hurriedUntil);
                look(asked || hurried);
                Duration pause = hurried ? HURRIED : STEADY;
                asked = wakeUps.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
                wakeUps.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            disconnect();
        }
    }

    /** @param asked whether somebody waits for the answer, changed or not */
    private void look(boolean asked) throws InterruptedException {
        Moment lookedAt = clock.now();
        Optional<Integer> pid = postmaster.adopt();
        if (!pid.equals(lastPid)) {
            restarted(pid);
        }
        Optional<Observation> seen = pid.isPresent() ? running(pid.get()) : Optional.of(stopped());
        if (seen.isEmpty() || !postmaster.pid().equals(pid)) {
            // Its end is told by whoever awaits it, and first: an observation must not come before that, but right
            // after.
            if (seen.isEmpty()) {
                postmaster.awaitExit(HURRIED);
            }
            lookNow();
        } else if (asked || !seen.get().equals(last)) {
            last = seen.get();
            changed.accept(last, lookedAt);
        }
    }

    private void restarted(Optional<Integer> pid) {
        lastPid = pid;
        lastInRecovery = Optional.empty();
        greatest = Optional.empty();
        history = null;
        directories.forget();
        disconnect();
    }

    private Observation stopped() throws InterruptedException {
        String complaint = postmaster.find() instanceof Postmaster.Found.Leftover leftover
                ? "postmaster.pid is a leftover: process " + leftover.pid() + " is something else"
                : "";
        return new Observation(directories.read(programs(), false), Optional.empty(), Optional.empty(), complaint);
    }

    /** Empty if it ended while we looked. */
    private Optional<Observation> running(int pid) throws InterruptedException {
        try {
            Observation.Sql sql = ask();
            if (!lastInRecovery.equals(Optional.of(sql.inRecovery()))) {
                lastInRecovery = Optional.of(sql.inRecovery());
                directories.forget();
            }
            return Optional.of(
                    new Observation(directories.read(programs(), true), Optional.of(pid), Optional.of(sql), ""));
        } catch (SQLException e) {
            disconnect();
            boolean alive = pgha.agent.os.ProcessTable.isAlive(pid);
            return alive
                    ? Optional.of(new Observation(
                            directories.read(programs(), true), Optional.of(pid), Optional.empty(), Sql.reason(e)))
                    : Optional.empty();
        }
    }

    private Observation.Sql ask() throws SQLException {
        if (connection == null) {
            connection = new Sql(config.get()).toObserve(STATEMENT_TIMEOUT);
        }
        if (history == null) {
            history = new HistoryFiles(new DataDirectory(config.get().dataDir()));
        }
        Observation.Sql sql = StatusQuery.ask(connection, greatest, Optional.empty(), history);
        if (sql.inRecovery() && !sql.streaming()) {
            sql = StatusQuery.ask(connection, Optional.of(sql.timeline()), timelineOfReplay(), history);
        }
        greatest = Optional.of(sql.timeline());
        return sql;
    }

    /**
     * Without a receiver no view of PostgreSQL's tells the timeline of what has been replayed, and pg_control tells an
     * older one until the next restartpoint: a candidate would be taken for one that was left behind. The replication
     * protocol knows it.
     */
    private Optional<Timeline> timelineOfReplay() {
        return new Sql(config.get()).timelineOfOwnServer(STATEMENT_TIMEOUT);
    }

    private void disconnect() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                // It is broken, which is why it is closed.
            }
        }
    }

    private Programs programs() {
        return Programs.of(config.get(), System.getenv());
    }
}
