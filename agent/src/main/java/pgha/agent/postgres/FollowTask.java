package pgha.agent.postgres;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Outcome.Failed;
import pgha.agent.ha.Outcome.Succeeded;
import pgha.agent.ha.Progress;
import pgha.agent.ha.TaskSpec.Upstream;
import pgha.agent.os.Signal;
import pgha.agent.task.CancelToken;
import pgha.agent.task.Task;
import pgha.dcs.model.Moment;

/**
 * Makes the running replica follow an upstream, or nobody.
 *
 * <p>Without a restart: PostgreSQL from 13 on takes a new {@code primary_conninfo} at a reload. Succeeds when the
 * server has it; whether it streams is for the observer to tell.
 */
record FollowTask(LocalServer server, Optional<Upstream> upstream) implements Task {
    private static final Duration STEP = Duration.ofMillis(10);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Override
    public Outcome run(CancelToken cancel, Consumer<Progress> progress) throws InterruptedException {
        cancel.throwIfRequested();
        String whom = upstream.map(u -> u.name().value()).orElse("nobody");
        if (server.postmaster().adopt().isEmpty()) {
            return new Failed("cannot follow " + whom + ": PostgreSQL does not run");
        }
        try {
            ParameterCatalog.Effective parameters = server.parameters(cancel);
            parameters.warnings().forEach(warning -> progress.accept(new Progress.Note(warning)));
            server.files().write(parameters, upstream);
            server.files().writeSyncNames(Optional.empty());
            server.postmaster().signal(Signal.HUP);
            return await(cancel)
                    ? new Succeeded()
                    : new Failed("cannot follow %s: PostgreSQL has not taken the new configuration after %ds"
                            .formatted(whom, LIMIT.toSeconds()));
        } catch (IOException e) {
            return new Failed("cannot follow %s: %s".formatted(whom, Texts.reason(e)));
        } catch (SQLException e) {
            return new Failed("cannot follow %s: %s".formatted(whom, Sql.reason(e)));
        }
    }

    private boolean await(CancelToken cancel) throws SQLException, InterruptedException {
        String wanted = upstream.map(server.files()::connectionTo).orElse("");
        String slot = upstream.map(Upstream::slot).orElse("");
        Moment until = server.clock().now().plus(LIMIT);
        try (Connection connection = server.sql().toOwnServer(Duration.ofSeconds(2))) {
            while (!has(connection, wanted, slot)) {
                cancel.throwIfRequested();
                if (server.postmaster().awaitExit(STEP) || server.clock().now().isAfter(until)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Asked in a backend, which takes the new values when it next reads a statement. */
    private static boolean has(Connection connection, String conninfo, String slot) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT current_setting('primary_conninfo'), current_setting('primary_slot_name')")) {
            row.next();
            return row.getString(1).equals(conninfo) && row.getString(2).equals(slot);
        }
    }
}
