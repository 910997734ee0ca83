package pgha.agent.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import pgha.agent.ha.Action;
import pgha.dcs.model.LogicalSlot;

/**
 * Creates and drops replication slots on the local server.
 *
 * <p>Thread-safe. All of it is idempotent: a slot that exists is not created again, one that is in use or gone is not
 * dropped. A logical slot is dropped on a replica only: on a primary it has a reader.
 */
public final class ReplicationSlots {
    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(2);
    /** A logical slot begins when the transactions that run have ended. */
    private static final Duration LOGICAL_TIMEOUT = Duration.ofSeconds(10);

    private static final String CREATE = """
            SELECT pg_create_physical_replication_slot(wanted, true) FROM (VALUES (?::name)) AS slot (wanted)
             WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = wanted)""";

    private static final String CREATE_LOGICAL = "SELECT pg_create_logical_replication_slot(?::name, ?::name)";

    private static final String DROP = """
            SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
             WHERE slot_name = ?::name AND (slot_type = 'physical' OR pg_is_in_recovery()) AND NOT active""";

    private final Supplier<PostgresConfig> config;

    ReplicationSlots(Supplier<PostgresConfig> config) {
        this.config = config;
    }

    /** Each slot on its own; what could not be done is told in one sentence each. */
    public List<String> apply(Action.SyncSlots order) {
        List<String> failures = new ArrayList<>();
        try (Connection connection = new Sql(config.get()).toOwnServer(STATEMENT_TIMEOUT)) {
            order.create().forEach(slot -> execute(connection, CREATE, "create", slot, failures));
            order.drop().forEach(slot -> execute(connection, DROP, "drop", slot, failures));
        } catch (SQLException e) {
            failures.add("cannot look after replication slots: " + Sql.reason(e));
        }
        order.createLogical().forEach((slot, what) -> createLogical(slot, what, failures));
        return failures;
    }

    private static void execute(Connection connection, String sql, String verb, String slot, List<String> failures) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, slot);
            statement.execute();
        } catch (SQLException e) {
            failures.add("cannot %s replication slot %s: %s".formatted(verb, slot, Sql.reason(e)));
        }
    }

    /** In the database whose changes it decodes. One that is there and is something else is somebody's, and stays. */
    private void createLogical(String slot, LogicalSlot what, List<String> failures) {
        try (Connection connection = new Sql(config.get()).toOwnDatabase(what.database(), LOGICAL_TIMEOUT);
                PreparedStatement statement = connection.prepareStatement(CREATE_LOGICAL)) {
            statement.setString(1, slot);
            statement.setString(2, what.plugin());
            statement.execute();
        } catch (SQLException e) {
            failures.add("cannot create logical replication slot %s (%s), which the settings name: %s"
                    .formatted(slot, what, Sql.reason(e)));
        }
    }
}
