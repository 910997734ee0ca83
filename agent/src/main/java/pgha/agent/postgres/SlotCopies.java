package pgha.agent.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import pgha.agent.ha.Action.Advance;
import pgha.dcs.model.Lsn;

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

    /** One connection for each database; what could not be done is told in one sentence each. */
    public List<String> advance(SortedMap<String, Advance> slots) {
        Map<Optional<String>, SortedMap<String, Lsn>> byDatabase = new LinkedHashMap<>();
        slots.forEach((slot, advance) -> byDatabase
                .computeIfAbsent(advance.database(), database -> new TreeMap<>())
                .put(slot, advance.to()));
        List<String> failures = new ArrayList<>();
        byDatabase.forEach((database, some) -> advance(database, some, failures));
        return failures;
    }

    private void advance(Optional<String> database, SortedMap<String, Lsn> slots, List<String> failures) {
        try (Connection connection = connection(database)) {
            slots.forEach((slot, to) -> advance(connection, slot, to).ifPresent(failures::add));
        } catch (SQLException e) {
            failures.add("cannot move slot %s on: %s".formatted(String.join(", ", slots.keySet()), Sql.reason(e)));
        }
    }

    /** A logical slot can only be decoded in its own database. */
    private Connection connection(Optional<String> database) throws SQLException {
        Sql sql = new Sql(config.get());
        return database.isPresent() ? sql.toOwnDatabase(database.get(), LONGEST) : sql.toOwnServer(LONGEST);
    }

    private static Optional<String> advance(Connection connection, String slot, Lsn to) {
        try (PreparedStatement statement = connection.prepareStatement(ADVANCE)) {
            statement.setString(1, slot);
            statement.setString(2, to.toString());
            statement.execute();
            return Optional.empty();
        } catch (SQLException e) {
            return failed(connection, slot, e);
        }
    }

    private static Optional<String> failed(Connection connection, String slot, SQLException e) {
        if (IN_USE.equals(e.getSQLState())) {
            return Optional.empty();
        }
        return OF_NO_USE.contains(String.valueOf(e.getSQLState()))
                ? Optional.of(drop(connection, slot, e))
                : Optional.of("cannot move slot %s on: %s".formatted(slot, Sql.reason(e)));
    }

    private static String drop(Connection connection, String slot, SQLException why) {
        try (PreparedStatement statement = connection.prepareStatement(DROP)) {
            statement.setString(1, slot);
            statement.execute();
            return "slot %s is of no use here any more and was dropped, to be made anew: %s"
                    .formatted(slot, Sql.reason(why));
        } catch (SQLException e) {
            return "slot %s is of no use here any more (%s), and cannot be dropped: %s"
                    .formatted(slot, Sql.reason(why), Sql.reason(e));
        }
    }
}
