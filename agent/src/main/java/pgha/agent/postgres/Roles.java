package pgha.agent.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import pgha.agent.postgres.PostgresConfig.Credentials;

/** Roles of a new cluster. Stateless. */
final class Roles {
    private static final List<String> QUIET = List.of(
            "SET log_statement TO none",
            "SET log_min_duration_statement TO -1",
            "SET log_min_error_statement TO log",
            "SET \"pg_stat_statements.track_utility\" TO off",
            "SET \"pgaudit.log\" TO none");

    private Roles() {}

    /** Keeps the passwords that come over this connection out of the server's log. */
    static void quiet(Connection connection) throws SQLException {
        for (String setting : QUIET) {
            execute(connection, setting);
        }
    }

    /** Creates a role, or makes what there is of that name such a role. */
    static void create(Connection connection, Credentials user, String attributes) throws SQLException {
        boolean exists;
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = ?)")) {
            statement.setString(1, user.username());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                exists = row.getBoolean(1);
            }
        }
        String password =
                user.password().map(text -> " PASSWORD " + literal(text)).orElse("");
        execute(
                connection,
                (exists ? "ALTER" : "CREATE") + " ROLE " + identifier(user.username()) + " WITH " + attributes
                        + password);
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String literal(String text) {
        return " E'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
