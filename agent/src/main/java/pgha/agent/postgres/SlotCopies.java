package pgha.agent.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;
import pgha.agent.ha.Action.Advance;

/**
 * Moves the slots that a replica keeps after those of the primary.
 *
 * <p>Thread-safe. Of a logical one that decodes what lies between, and takes as long as that takes: not on a thread that
 * others wait for.
 */
public final class SlotCopies {
    private static final Duration LONGEST = Duration.ofMinutes(10);
    /** PostgreSQL's error codes: the WAL is gone, or the slot was invalidated; nothing makes such a copy good again. */
    private static final Set<String> OF_NO_USE = Set.of("58P01", "55000");
    /** Somebody reads from it, which PostgreSQL lets them on a standby from 16 on. */
    private static final String IN_USE = "55006";

    private static final String ADVANCE = "SELECT pg_replication_slot_advance(?::name, ?::pg_lsn)";
    private static final String DROP = """
            SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
             WHERE slot_name = ?::name AND NOT active AND pg_is_in_recovery()""";

    private final Supplier<PostgresConfig> config;

    SlotCopies(Supplier<PostgresConfig> config) {
        this.config = config;
    }

    /** Each slot on its own; what could not be done is told in one sentence each. */
    public List<String> advance(SortedMap<String, Advance> slots) {
        List<String> failures = new ArrayList<>();
        slots.forEach((slot, advance) -> advance(slot, advance).ifPresent(failures::add));
        return failures;
    }

    /** A logical slot can only be decoded in its own database. */
    private Optional<String> advance(String slot, Advance advance) {
        try (Connection connection = connection(advance)) {
            try (PreparedStatement statement = connection.prepareStatement(ADVANCE)) {
                statement.setString(1, slot);
                statement.setString(2, advance.to().toString());
                statement.execute();
                return Optional.empty();
            } catch (SQLException e) {
                return failed(connection, slot, e);
            }
        } catch (SQLException e) {
            return Optional.of("cannot move slot %s on: %s".formatted(slot, Sql.reason(e)));
        }
    }

    private Connection connection(Advance advance) throws SQLException {
        Sql sql = new Sql(config.get());
        return advance.database().isPresent()
                ? sql.toOwnDatabase(advance.database().get(), LONGEST)
                : sql.toOwnServer(LONGEST);
    }

    private static Optional<String> failed(Connection connection, String slot, SQLException e) throws SQLException {
        if (IN_USE.equals(e.getSQLState())) {
            return Optional.empty();
        }
        if (!OF_NO_USE.contains(String.valueOf(e.getSQLState()))) {
            throw e;
        }
        try (PreparedStatement statement = connection.prepareStatement(DROP)) {
            statement.setString(1, slot);
            statement.execute();
        }
        return Optional.of("slot %s is of no use here any more and was dropped, to be made anew: %s"
                .formatted(slot, Sql.reason(e)));
    }
}
