package pgha.agent.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.function.Supplier;

/**
 * Creates and drops physical replication slots on the local server. Logical slots are never touched.
 *
 * <p>Thread-safe. Both are idempotent: a slot that exists is not created again, one that is in use or gone is not
 * dropped.
 */
public final class ReplicationSlots {
    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(2);

    private static final String CREATE = """
            SELECT pg_create_physical_replication_slot(wanted, true) FROM (VALUES (?::name)) AS slot (wanted)
             WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = wanted)""";

    private static final String DROP = """
            SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
             WHERE slot_name = ?::name AND slot_type = 'physical' AND NOT active""";

    private final Supplier<PostgresConfig> config;

    ReplicationSlots(Supplier<PostgresConfig> config) {
        this.config = config;
    }

    /** Each slot on its own; what could not be done is told in one sentence each. */
    public List<String> apply(SortedSet<String> create, SortedSet<String> drop) {
        List<String> failures = new ArrayList<>();
        try (Connection connection = new Sql(config.get()).toOwnServer(STATEMENT_TIMEOUT)) {
            create.forEach(slot -> execute(connection, CREATE, "create", slot, failures));
            drop.forEach(slot -> execute(connection, DROP, "drop", slot, failures));
        } catch (SQLException e) {
            failures.add("cannot look after replication slots: " + Sql.reason(e));
        }
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
}
