package pgha.lab.workload;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/** The one statement that all clients send, and what its errors mean. */
final class WriteStatement {
    static final String CREATE_TABLE =
            "CREATE TABLE IF NOT EXISTS written (key text PRIMARY KEY, client text NOT NULL)";

    /** The server said no before anything could be committed: read only, starting, shutting down before the statement, no such table. */
    private static final Set<String> NOT_COMMITTED =
            Set.of("25006", "57P03", "08001", "08004", "28000", "28P01", "3D000", "42P01", "53300", "42501");

    private WriteStatement() {}

    /** Inserts and commits one row; the timeline on which the server wrote it. */
    static int insert(Connection connection, String key, String client) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("INSERT INTO written VALUES ('" + key + "', '" + client
                        + "') RETURNING pg_walfile_name(pg_current_wal_insert_lsn())")) {
            rows.next();
            return Integer.parseInt(rows.getString(1).substring(0, 8), 16);
        }
    }

    static Attempt.End endOf(SQLException failure) {
        return NOT_COMMITTED.contains(String.valueOf(failure.getSQLState())) ? Attempt.End.FAILED : Attempt.End.UNKNOWN;
    }
}
