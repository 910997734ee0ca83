package pgha.agent.postgres;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Outcome.Failed;
import pgha.agent.ha.Outcome.Succeeded;
import pgha.agent.ha.Progress;
import pgha.agent.os.Command;
import pgha.agent.postgres.PostgresConfig.Credentials;
import pgha.agent.task.CancelToken;
import pgha.agent.task.Task;
import pgha.dcs.model.HostPort;

/**
 * Gives a new primary its roles and grants, and runs {@code post_bootstrap}.
 *
 * <p>In Patroni's order: superuser, script, replication role, rewind role. Passwords stay out of the server's log.
 */
record PostBootstrapTask(LocalServer server) implements Task {
    private static final Duration SCRIPT_LIMIT = Duration.ofHours(24);

    private static final List<String> REWIND_FUNCTIONS = List.of(
            "pg_catalog.pg_ls_dir(text, boolean, boolean)",
            "pg_catalog.pg_stat_file(text, boolean)",
            "pg_catalog.pg_read_binary_file(text)",
            "pg_catalog.pg_read_binary_file(text, bigint, bigint, boolean)");

    @Override
    public Outcome run(CancelToken cancel, Consumer<Progress> progress) throws InterruptedException {
        PostgresConfig config = server.config();
        try (Connection connection = server.sql().toOwnServer(Duration.ofSeconds(30))) {
            Roles.quiet(connection);
            if (config.superuser().password().isPresent()) {
                Roles.create(connection, config.superuser(), "SUPERUSER LOGIN");
            }
            Optional<String> failure = runScript(cancel);
            if (failure.isPresent()) {
                return new Failed("cannot finish the new cluster: " + failure.get());
            }
            Roles.create(connection, config.replication(), "REPLICATION LOGIN");
            createRewindRole(connection);
            server.directory().markWhole();
            return new Succeeded();
        } catch (SQLException e) {
            return new Failed("cannot finish the new cluster: " + Sql.reason(e));
        } catch (IOException e) {
            return new Failed("cannot finish the new cluster: " + Texts.reason(e));
        }
    }

    private void createRewindRole(Connection connection) throws SQLException {
        Optional<Credentials> rewind = server.config().rewind().filter(user -> !user.username()
                .equals(server.config().superuser().username()));
        if (rewind.isEmpty()) {
            return;
        }
        Roles.create(connection, rewind.get(), "LOGIN");
        for (String function : REWIND_FUNCTIONS) {
            Roles.execute(
                    connection,
                    "GRANT EXECUTE ON FUNCTION " + function + " TO "
                            + Roles.identifier(rewind.get().username()));
        }
    }

    /** Why it failed, if it did. */
    private Optional<String> runScript(CancelToken cancel) throws IOException, InterruptedException {
        PostgresConfig config = server.config();
        if (config.bootstrap().postBootstrap().isEmpty()) {
            return Optional.empty();
        }
        List<String> words = new ArrayList<>(
                ShellWords.split(config.bootstrap().postBootstrap().get()));
        String program = words.removeFirst();
        words.add(connection().toString());
        Programs programs = server.programs();
        Map<String, String> environment = new TreeMap<>(programs.environment());
        environment.putAll(programs.forLibpq());
        environment.put("PGOPTIONS", "-c synchronous_commit=local -c statement_timeout=0");
        Command command = new Command(
                programs.onPath(program),
                words,
                new TreeMap<>(environment),
                server.commands().newOutput("post_bootstrap"));
        ExternalCommand.Ended ended = server.commands().run(command, SCRIPT_LIMIT, cancel);
        return ended.isSuccess() ? Optional.empty() : Optional.of(ended.brief(program));
    }

    /** Without the password, which is in the password file; libpq looks for sockets under {@code localhost}. */
    private ConnInfo connection() throws IOException {
        PostgresConfig config = server.config();
        String directory = server.directory().pidFile().map(PidFile::socketDir).orElse("");
        boolean bySocket = config.useUnixSocket() && !directory.isEmpty();
        String host = bySocket ? directory : config.localHost();
        HostPort known = new HostPort(bySocket ? "localhost" : host, config.port());
        new PasswordFile(config.pgpass()).know(known, config.superuser());
        Map<String, String> values = new java.util.LinkedHashMap<>();
        values.put("host", host);
        values.put("port", Integer.toString(config.port()));
        values.put("user", config.superuser().username());
        values.put("dbname", config.database());
        return new ConnInfo(values);
    }
}
