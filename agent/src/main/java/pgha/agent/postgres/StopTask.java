package pgha.agent.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Outcome.Failed;
import pgha.agent.ha.Outcome.Succeeded;
import pgha.agent.ha.Progress;
import pgha.agent.ha.TaskSpec.StopMode;
import pgha.agent.ha.TaskSpec.StopPostgres;
import pgha.agent.os.ProcessTable;
import pgha.agent.os.Signal;
import pgha.agent.task.CancelToken;
import pgha.agent.task.Task;
import pgha.dcs.model.Moment;

/**
 * Stops the server, and says at each stage how far that is.
 *
 * <pre>
 *   checkpoint ─► SIGINT ──► no backend left ──► shutdown checkpoint ──► senders and archiver done ─► gone
 *   (clients      StopAsked  WritersGone         on disk: ShutDown      (or they hang: SIGQUIT)
 *    still work)      │ `by`: by force
 * </pre>
 *
 * <p>The operator's before_stop runs between checkpoint and signal, and not at all before a stop by force, which is for
 * when there is no time left. Not cancellable. Force is for writers: when none is left, the checkpoint may take its time. Once it is on disk,
 * whoever does not move any more is not waited for, and no crash recovery follows from that.
 */
final class StopTask implements Task {
    private static final Duration STEP = Duration.ofMillis(5);
    private static final Duration LONGEST_CHECKPOINT = Duration.ofMinutes(10);
    private static final Duration LONGEST_DRAIN = Duration.ofSeconds(30);
    private static final Duration NOTHING_MOVES = Duration.ofSeconds(1);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(30);

    private final LocalServer server;
    private final StopPostgres order;

    private final HungSenders hungSenders;

    private boolean writersGone;
    private Optional<Moment> shutDownAt = Optional.empty();
    private List<String> lastTitles = List.of();
    private Moment lastMoved = Moment.EARLIEST;

    StopTask(LocalServer server, StopPostgres order) {
        this.server = server;
        this.order = order;
        this.hungSenders = new HungSenders(server.postmaster());
    }

    @Override
    public Outcome run(CancelToken cancel, Consumer<Progress> progress) throws InterruptedException {
        if (server.postmaster().adopt().isEmpty() || order.mode() == StopMode.IMMEDIATE) {
            progress.accept(new Progress.StopAsked());
            return kill(progress);
        }
        if (order.checkpointFirst()) {
            checkpoint(progress);
        }
        beforeStop(progress);
        server.postmaster().signal(Signal.INT);
        progress.accept(new Progress.StopAsked());
        return awaitEnd(progress);
    }

    private Outcome awaitEnd(Consumer<Progress> progress) throws InterruptedException {
        Set<Integer> writers = Set.of();
        boolean stopping = false;
        Moment checkpointBy = order.by().plus(LONGEST_CHECKPOINT);
        while (!server.postmaster().awaitExit(STEP)) {
            if (!stopping) {
                // From here on a process that we have not seen is one that turns a client away.
                stopping = server.directory().pidFile().map(PidFile::isStopping).orElse(false);
                writers = server.postmaster().writers();
            } else if (!writersGone) {
                Set<Integer> left = server.postmaster().writers();
                left.retainAll(writers);
                writers = left;
            }
            if (stopping && writers.isEmpty()) {
                tellWritersGone(progress);
                if (drainsTooLong(progress, checkpointBy)) {
                    return kill(progress);
                }
            } else if (server.clock().now().isAfter(order.by())) {
                return kill(progress);
            }
        }
        return gone(progress);
    }

    /** While clients still work, so that the one at the end, during which nobody can, is short. */
    private void checkpoint(Consumer<Progress> progress) {
        Duration half = server.clock().now().until(order.by()).dividedBy(2);
        Duration atMost = half.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : half;
        try (Connection connection = server.sql().toOwnServer(atMost);
                Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
        } catch (SQLException e) {
            progress.accept(new Progress.Note(
                    "cannot checkpoint before stopping: %s; stopping anyway".formatted(Sql.reason(e))));
        }
    }

    /** Its exit code is of no interest, but the time is: half of what is left must do. */
    private void beforeStop(Consumer<Progress> progress) throws InterruptedException {
        Optional<String> line = server.config().hooks().beforeStop();
        if (line.isPresent()) {
            progress.accept(new Progress.Note("running before_stop"));
            Duration half = server.clock().now().until(order.by()).dividedBy(2);
            Duration atMost = half.isNegative() ? Duration.ZERO : half;
            ExternalCommand.Ended ended = server.runOperators(line.get(), "before_stop", atMost, new CancelToken());
            progress.accept(new Progress.Note(ended.isSuccess() ? "" : ended.brief("before_stop")));
        }
    }

    private void tellWritersGone(Consumer<Progress> progress) {
        if (!writersGone) {
            writersGone = true;
            progress.accept(new Progress.WritersGone());
        }
    }

    /** Whether what is left is not worth waiting for. */
    private boolean drainsTooLong(Consumer<Progress> progress, Moment checkpointBy) throws InterruptedException {
        Moment now = server.clock().now();
        if (shutDownAt.isEmpty()) {
            if (server.directory().looksShutDown()) {
                tellShutDown(progress, now);
            } else if (!server.directory().looksShutDownOrAboutToBe()) {
                hungSenders.end(now);
            }
            return now.isAfter(checkpointBy);
        }
        hungSenders.end(now);
        // Clients that are turned away come and go: only those that still have something to do count.
        List<String> titles = server.postmaster().processes().stream()
                .map(ProcessTable::title)
                .filter(title -> title.contains("walsender") || title.contains("archiver"))
                .toList();
        if (!titles.equals(lastTitles)) {
            lastTitles = titles;
            lastMoved = now;
        }
        return now.isAfter(lastMoved.plus(NOTHING_MOVES))
                || now.isAfter(shutDownAt.get().plus(LONGEST_DRAIN));
    }

    private void tellShutDown(Consumer<Progress> progress, Moment now) throws InterruptedException {
        if (shutDownAt.isPresent()) {
            return;
        }
        Optional<ControlData> control = server.control().data();
        if (control.isPresent()) {
            shutDownAt = Optional.of(now);
            lastMoved = now;
            progress.accept(new Progress.ShutDown(control.get().checkpoint()));
        }
    }

    private Outcome kill(Consumer<Progress> progress) throws InterruptedException {
        Moment until = server.clock().now().plus(KILL_LIMIT);
        while (!server.postmaster().killWriter()) {
            if (server.clock().now().isAfter(until)) {
                return new Failed("cannot stop PostgreSQL: processes %s do not die; they wait for a disk or the kernel"
                        .formatted(server.postmaster().processes()));
            }
        }
        server.postmaster().awaitExit(KILL_LIMIT);
        return gone(progress);
    }

    private Outcome gone(Consumer<Progress> progress) throws InterruptedException {
        tellWritersGone(progress);
        if (server.directory().looksShutDown()) {
            tellShutDown(progress, server.clock().now());
        }
        return new Succeeded();
    }
}
