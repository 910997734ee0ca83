package pgha.agent.postgres;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import pgha.agent.ha.SyncNames;
import pgha.agent.os.Signal;
import pgha.dcs.model.Moment;

/**
 * Changes whom the commits of the running server wait for, by file and reload.
 *
 * <p>Used on one thread. Made when the change is ordered, for the server that runs then: one that has been started since
 * has been given its names by whoever started it.
 */
public final class RunningSyncNames {
    private static final Duration STEP = Duration.ofMillis(10);
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final LocalServer server;
    private final Optional<Integer> pid;

    RunningSyncNames(LocalServer server) {
        this.server = server;
        this.pid = server.postmaster().pid();
    }

    /** What stands against it, if anything. Empty {@code names} are those that the settings say. */
    public List<String> change(Optional<SyncNames> names) throws InterruptedException {
        if (pid.isEmpty() || !server.postmaster().pid().equals(pid)) {
            return List.of("cannot change synchronous_standby_names: the server has ended since");
        }
        return give(names, false).map(List::of).orElse(List.of());
    }

    /** As {@link #change}, and until no commit can be acknowledged any more by what was said before. */
    Optional<String> settle(Optional<SyncNames> names) throws InterruptedException {
        boolean waits = names.filter(wanted -> !wanted.equals(SyncNames.NOBODY)).isPresent();
        return give(names, waits);
    }

    private Optional<String> give(Optional<SyncNames> names, boolean settled) throws InterruptedException {
        try {
            if (server.files().writeSyncNames(names)) {
                server.postmaster().signal(Signal.HUP);
            } else if (names.isEmpty()) {
                return Optional.empty();
            }
            return await(names, settled)
                    ? Optional.empty()
                    : Optional.of(
                            "cannot change synchronous_standby_names to \"%s\": PostgreSQL has not taken it in %ds; "
                                            .formatted(
                                                    names.map(SyncNames::toString)
                                                            .orElse(""),
                                                    LIMIT.toSeconds())
                                    + "look for it in postgresql.auto.conf and in PostgreSQL's log");
        } catch (IOException e) {
            return Optional.of("cannot change synchronous_standby_names: " + Texts.reason(e));
        } catch (SQLException e) {
            return Optional.of("cannot change synchronous_standby_names: " + Sql.reason(e));
        }
    }

    /** Asked in a backend, which takes the new values when it next reads a statement. */
    private boolean await(Optional<SyncNames> names, boolean settled) throws SQLException, InterruptedException {
        String question =
                "SELECT names, ours, settled OR %s FROM (%s) AS now".formatted(!settled, StatusQuery.SYNCHRONY);
        Moment until = server.clock().now().plus(LIMIT);
        try (Connection connection = server.sql().toOwnServer(Duration.ofSeconds(2));
                Statement statement = connection.createStatement()) {
            while (!has(statement, question, names)) {
                if (server.postmaster().awaitExit(STEP) || server.clock().now().isAfter(until)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static boolean has(Statement statement, String question, Optional<SyncNames> names) throws SQLException {
        try (ResultSet row = statement.executeQuery(question)) {
            row.next();
            boolean ours = row.getBoolean(2);
            boolean inForce = names.isPresent()
                    ? ours && row.getString(1).equals(names.get().toString())
                    : !ours;
            return inForce && row.getBoolean(3);
        }
    }
}
