package pgha.agent.postgres;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import pgha.agent.os.Signal;
import pgha.agent.task.CancelToken;

/**
 * Brings the running server to the settings of the cluster and of the node, by file and reload.
 *
 * <p>Used on one thread, beside tasks: {@link ConfigFiles} has one of them write at a time. What can only change at a
 * start is written too, and PostgreSQL itself says of it, in pg_settings, that it is pending.
 */
public final class RunningSettings {
    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(2);
    private static final String BROKEN_RULES =
            "SELECT line_number, error FROM pg_hba_file_rules WHERE error IS NOT NULL ORDER BY line_number";

    private final Supplier<LocalServer> servers;

    RunningSettings(Supplier<LocalServer> servers) {
        this.servers = servers;
    }

    /**
     * What came of it.
     *
     * @param reloaded whether PostgreSQL was told to read its files again
     * @param warnings what of the settings is not in force, one sentence each
     * @param objection what stood against it, if anything
     */
    public record Applied(boolean reloaded, List<String> warnings, Optional<String> objection) {
        public Applied {
            warnings = List.copyOf(warnings);
        }
    }

    /** @param reload whether PostgreSQL is to read its files again even if they have not changed, for certificates */
    public Applied apply(boolean reload) throws InterruptedException {
        LocalServer server = servers.get();
        if (server.postmaster().pid().isEmpty()) {
            return new Applied(false, List.of(), Optional.empty());
        }
        try {
            ParameterCatalog.Effective parameters = server.parameters(new CancelToken());
            List<String> warnings = new ArrayList<>(parameters.warnings());
            boolean changed = server.files().writeSettings(parameters);
            if (changed || reload) {
                server.postmaster().signal(Signal.HUP);
            }
            warnings.addAll(brokenRules(server));
            return new Applied(changed || reload, warnings, Optional.empty());
        } catch (IOException e) {
            return new Applied(
                    false,
                    List.of(),
                    Optional.of("cannot write the configuration of PostgreSQL: %s; it goes on with the one it has"
                            .formatted(Texts.reason(e))));
        }
    }

    /** PostgreSQL keeps the rules that it has when it cannot read the file, and would not start with it. */
    private static List<String> brokenRules(LocalServer server) {
        List<String> broken = new ArrayList<>();
        try (Connection connection = server.sql().toOwnServer(STATEMENT_TIMEOUT);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(BROKEN_RULES)) {
            while (rows.next()) {
                broken.add("line %d of pg_hba.conf is wrong, so that PostgreSQL takes none of it: %s"
                        .formatted(rows.getInt(1), rows.getString(2)));
            }
        } catch (SQLException e) {
            // It takes no connection now; the rules are looked at again after the next change.
        }
        return broken;
    }
}
