package pgha.lab.workload;

import java.sql.Connection;
import java.sql.SQLException;

/** Where a client writes: opens connections to it, on a thread of the client host. */
@FunctionalInterface
public interface Target {
    Connection connect() throws SQLException;
}
