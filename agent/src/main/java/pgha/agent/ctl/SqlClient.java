package pgha.agent.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Sends one statement to one server, over a connection of its own.
 *
 * <p>Stateless; blocks. What the target leaves open is taken from libpq's environment, as psql would.
 */
final class SqlClient {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String CONNECT_SECONDS = "5";

    private final Map<String, String> environment;

    SqlClient(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    QueryReply query(QueryTarget target, String sql) {
        try (Connection connection = DriverManager.getConnection(url(target), properties(target))) {
            if (target.inRecovery().isPresent()
                    && isInRecovery(connection) != target.inRecovery().get()) {
                return new QueryReply.NoConnection(target + " is not in the role that was asked for");
            }
            return run(connection, sql);
        } catch (SQLException e) {
            return new QueryReply.NoConnection("cannot connect to %s: %s".formatted(target, e.getMessage()));
        }
    }

    private String url(QueryTarget target) {
        String host = target.host().indexOf(':') >= 0 ? "[" + target.host() + "]" : target.host();
        String database = target.database().orElse(environment.getOrDefault("PGDATABASE", user(target)));
        return "jdbc:postgresql://%s:%d/%s".formatted(host, target.port(), database);
    }

    private String user(QueryTarget target) {
        return target.user().orElse(environment.getOrDefault("PGUSER", System.getProperty("user.name")));
    }

    private Properties properties(QueryTarget target) {
        Properties properties = new Properties();
        properties.setProperty("user", user(target));
        properties.setProperty("connectTimeout", CONNECT_SECONDS);
        properties.setProperty("ApplicationName", environment.getOrDefault("PGAPPNAME", "Patroni ctl"));
        // One round trip less, and a statement may hold several.
        properties.setProperty("preferQueryMode", "simple");
        target.password()
                .or(() -> java.util.Optional.ofNullable(environment.get("PGPASSWORD")))
                .ifPresent(password -> properties.setProperty("password", password));
        copy(properties, "PGSSLMODE", "sslmode");
        copy(properties, "PGSSLROOTCERT", "sslrootcert");
        copy(properties, "PGSSLCERT", "sslcert");
        copy(properties, "PGSSLKEY", "sslkey");
        copy(properties, "PGPASSFILE", "org.postgresql.pgpassfile");
        return properties;
    }

    private void copy(Properties properties, String variable, String property) {
        if (environment.containsKey(variable)) {
            properties.setProperty(property, environment.get(variable));
        }
    }

    private static boolean isInRecovery(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_is_in_recovery()")) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static QueryReply run(Connection connection, String sql) {
        try (Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return new QueryReply.Rows(List.of(), List.of());
            }
            try (ResultSet rows = statement.getResultSet()) {
                return read(rows);
            }
        } catch (SQLException e) {
            String state = e.getSQLState() == null ? "none" : e.getSQLState();
            return new QueryReply.Refused(state, String.valueOf(e.getMessage()));
        }
    }

    private static QueryReply read(ResultSet rows) throws SQLException {
        ResultSetMetaData shape = rows.getMetaData();
        List<String> columns = new ArrayList<>();
        for (int i = 1; i <= shape.getColumnCount(); i++) {
            columns.add(shape.getColumnLabel(i));
        }
        List<List<JsonNode>> values = new ArrayList<>();
        while (rows.next()) {
            List<JsonNode> row = new ArrayList<>();
            for (int i = 1; i <= columns.size(); i++) {
                row.add(value(rows.getObject(i), rows.getString(i)));
            }
            values.add(row);
        }
        return new QueryReply.Rows(columns, values);
    }

    private static JsonNode value(Object object, String text) {
        return switch (object) {
            case null -> JSON.nullNode();
            case Integer number -> JSON.numberNode(number);
            case Long number -> JSON.numberNode(number);
            case Short number -> JSON.numberNode(number);
            case BigDecimal number -> JSON.numberNode(number);
            case Boolean truth -> JSON.booleanNode(truth);
            default -> JSON.textNode(text);
        };
    }
}
