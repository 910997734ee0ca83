package pgha.agent.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Outcome.Failed;
import pgha.agent.ha.Outcome.Succeeded;
import pgha.agent.ha.Progress;
import pgha.agent.ha.TaskSpec;
import pgha.agent.os.Signal;
import pgha.agent.task.CancelToken;
import pgha.agent.task.Task;
import pgha.dcs.model.Moment;

/**
 * Makes the running replica a primary, under a given lease.
 *
 * <p>The guard is armed first, and the term is looked at once more before the signal, which cannot be taken back: from
 * then on only the end of recovery, of the process or of the time ends this task. The order is given by file and
 * signal, as pg_ctl does, so that a server without a free connection can be promoted.
 */
final class PromoteTask implements Task {
    private static final Duration STEP = Duration.ofMillis(10);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(2);

    private final LocalServer server;
    private final WriterPermit permit;
    private final TaskSpec.Promote spec;

    PromoteTask(LocalServer server, WriterPermit permit, TaskSpec.Promote spec) {
        this.server = server;
        this.permit = permit;
        this.spec = spec;
    }

    @Override
    public Outcome run(CancelToken cancel, Consumer<Progress> progress) throws InterruptedException {
        cancel.throwIfRequested();
        if (server.postmaster().adopt().isEmpty()) {
            return new Failed("cannot promote: PostgreSQL does not run");
        }
        WriterSteps steps = new WriterSteps(permit, spec.lease(), "promote");
        try (RecoveryProbe probe = new RecoveryProbe(server.sql())) {
            return steps.take(new Promotion(steps, probe, cancel));
        }
    }

    private final class Promotion implements WriterSteps.Work {
        private final WriterSteps steps;
        private final RecoveryProbe probe;
        private final CancelToken cancel;
        private final Path order = server.config().dataDir().resolve("promote");

        Promotion(WriterSteps steps, RecoveryProbe probe, CancelToken cancel) {
            this.steps = steps;
            this.probe = probe;
            this.cancel = cancel;
        }

        /** Connects beforehand: the time until we know of the end of recovery is a time in which nobody writes. */
        @Override
        public Optional<Outcome> prepare() throws IOException, InterruptedException {
            if (!probe.isInRecovery()) {
                return Optional.of(new Succeeded());
            }
            Optional<String> refusal = new RunningSyncNames(server).settle(spec.names());
            if (refusal.isPresent()) {
                return refusal.map(steps::failed);
            }
            cancel.throwIfRequested();
            Files.write(order, new byte[0]);
            return Optional.empty();
        }

        @Override
        public Optional<Outcome> act() throws InterruptedException {
            server.postmaster().signal(Signal.USR1);
            return await(probe, cancel).map(steps::failed);
        }

        @Override
        public void takeBack() throws IOException {
            Files.deleteIfExists(order);
        }
    }

    /** Why it is no primary. */
    private Optional<String> await(RecoveryProbe probe, CancelToken cancel) throws InterruptedException {
        Moment until = server.clock().now().plus(LIMIT);
        while (probe.isInRecovery()) {
            if (server.postmaster().awaitExit(STEP)) {
                return Optional.of("PostgreSQL ended on the way");
            }
            if (cancel.isRequested()) {
                // It was told, and nothing takes that back: a term that is over must not end with a writer.
                server.postmaster().killWriter();
                throw new InterruptedException("the promotion was cancelled");
            }
            if (server.clock().now().isAfter(until)) {
                return Optional.of("still in recovery after " + LIMIT.toSeconds() + "s");
            }
        }
        return Optional.empty();
    }

    /** Asks one question over one connection, which is opened again when it breaks. */
    private static final class RecoveryProbe implements AutoCloseable {
        private final Sql sql;
        private @Nullable Connection connection;

        RecoveryProbe(Sql sql) {
            this.sql = sql;
        }

        /** No answer counts as yes. */
        boolean isInRecovery() {
            try {
                if (connection == null) {
                    connection = sql.toOwnServer(STATEMENT_TIMEOUT);
                }
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("SELECT pg_is_in_recovery()")) {
                    row.next();
                    return row.getBoolean(1);
                }
            } catch (SQLException e) {
                close();
                return true;
            }
        }

        @Override
        public void close() {
            Connection open = connection;
            connection = null;
            try {
                if (open != null) {
                    open.close();
                }
            } catch (SQLException e) {
                // It is broken, which is why it is closed.
            }
        }
    }
}
