package pgha.lab.cluster;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;

/**
 * Plain connections with deadlines: for connecting in milliseconds, which the driver itself does not have; for reading in
 * whole seconds, since the driver goes on reading after a timeout that it has not set itself.
 */
public final class LabSql {
    private LabSql() {}

    /** Connects as superuser; sockets belong to the network of the calling thread. A read timeout of zero waits for ever. */
    public static Connection connect(String address, int port, Duration connectTimeout, Duration readTimeout)
            throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", AgentYaml.SUPERUSER);
        properties.setProperty("password", AgentYaml.PASSWORD);
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("assumeMinServerVersion", "12");
        properties.setProperty("ApplicationName", "lab");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("socketFactory", DeadlineSockets.class.getName());
        properties.setProperty("socketFactoryArg", connectTimeout.toMillis() + "," + readTimeout.toMillis());
        properties.setProperty("socketTimeout", Long.toString(wholeSeconds(readTimeout)));
        return DriverManager.getConnection("jdbc:postgresql://" + address + ":" + port + "/postgres", properties);
    }

    /** The first column of the first row, as text; "null" for no value and "" for no row. */
    public static String single(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        }
    }

    public static void execute(Connection connection, String command) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(command);
        }
    }

    private static long wholeSeconds(Duration timeout) {
        return timeout.plusMillis(999).toSeconds();
    }
}
