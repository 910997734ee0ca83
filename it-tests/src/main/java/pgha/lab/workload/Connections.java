package pgha.lab.workload;

import java.sql.Connection;
import java.sql.SQLException;

/** Ends connections whose server may not listen any more. */
final class Connections {
    private Connections() {}

    /** Closes without waiting for the other side and without complaint. */
    static void abandon(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // It is gone already, which is all that is wanted.
        }
    }
}
