package pgha.lab.history;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import pgha.lab.cluster.LabSql;
import pgha.lab.history.Outcome.Acknowledged;
import pgha.lab.history.Outcome.Refused;
import pgha.lab.history.Outcome.Unknown;

/** The statements of the list clients, and what their errors mean. */
final class ListSql {
    static final String CREATE_TABLE = "CREATE TABLE IF NOT EXISTS lists (list text PRIMARY KEY, items int[] NOT NULL)";

    private static final String TIMELINE = "pg_walfile_name(pg_current_wal_insert_lsn())";
    /** Classes of errors that end a transaction before its commit: refused at connecting, wrong, full, locked, read only. */
    private static final Set<String> NOT_COMMITTED = Set.of("0A", "22", "25", "28", "3D", "42", "53", "55", "58");

    private ListSql() {}

    /** The host on which the server runs: the virtual address does not tell. */
    static String host(Connection connection) throws SQLException {
        return LabSql.single(connection, "SELECT pg_read_file('/proc/sys/kernel/hostname')")
                .strip();
    }

    static void createList(Connection connection, String list) throws SQLException {
        LabSql.execute(connection, "INSERT INTO lists VALUES ('" + list + "', '{}') ON CONFLICT DO NOTHING");
    }

    static Outcome append(Connection connection, String host, String list, int value) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("UPDATE lists SET items = items || " + value + " WHERE list = '"
                        + list + "' RETURNING " + TIMELINE + ", pg_current_wal_insert_lsn() - '0/0'")) {
            if (!rows.next()) {
                return new Refused("there is no list " + list);
            }
            return new Acknowledged(new Server(host, timeline(rows.getString(1))), rows.getLong(2));
        }
    }

    /** The timeline on which the server writes; empty if it is in recovery. */
    static Optional<Integer> timelineOfPrimary(Connection connection) throws SQLException {
        // A statement of its own: what it says must hold before the snapshot of the read.
        String answer =
                LabSql.single(connection, "SELECT CASE WHEN pg_is_in_recovery() THEN '' ELSE " + TIMELINE + " END");
        return answer.isEmpty() ? Optional.empty() : Optional.of(timeline(answer));
    }

    static List<Integer> items(Connection connection, String list) throws SQLException {
        return items(
                LabSql.single(connection, "SELECT array_to_string(items, ',') FROM lists WHERE list = '" + list + "'"));
    }

    /** All lists whose names begin with {@code prefix}. */
    static Map<String, List<Integer>> allItems(Connection connection, String prefix) throws SQLException {
        Map<String, List<Integer>> lists = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT list, array_to_string(items, ',') FROM lists"
                        + " WHERE starts_with(list, '" + prefix + "')")) {
            while (rows.next()) {
                lists.put(rows.getString(1), items(rows.getString(2)));
            }
        }
        return lists;
    }

    /** Every list by a digest of its items. */
    static Map<String, String> digests(Connection connection) throws SQLException {
        Map<String, String> digests = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT list, md5(array_to_string(items, ',')) FROM lists")) {
            while (rows.next()) {
                digests.put(rows.getString(1), rows.getString(2));
            }
        }
        return digests;
    }

    /** The history file of the server's own timeline: of every ancestor, where it was left. */
    static Map<Integer, Long> forks(Connection connection, int timeline) throws SQLException {
        if (timeline == 1) {
            return Map.of();
        }
        String file = LabSql.single(connection, "SELECT pg_read_file('pg_wal/%08X.history')".formatted(timeline));
        Map<Integer, Long> forks = new TreeMap<>();
        for (String line : file.lines().filter(text -> !text.isBlank()).toList()) {
            String[] fields = line.strip().split("\\s+");
            String[] halves = fields[1].split("/");
            forks.put(
                    Integer.valueOf(fields[0]),
                    (Long.parseLong(halves[0], 16) << Integer.SIZE) + Long.parseLong(halves[1], 16));
        }
        return forks;
    }

    /** How an append ended whose statement failed. */
    static Outcome failed(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        String why = state + " " + failure.getMessage();
        boolean refused =
                state.equals("57P03") || (state.length() == 5 && NOT_COMMITTED.contains(state.substring(0, 2)));
        return refused ? new Refused(why) : new Unknown(why);
    }

    static boolean isReadOnly(SQLException failure) {
        return "25006".equals(failure.getSQLState());
    }

    private static int timeline(String walFile) {
        return Integer.parseInt(walFile.substring(0, 8), 16);
    }

    private static List<Integer> items(String text) {
        List<Integer> items = new ArrayList<>();
        if (!text.isEmpty()) {
            for (String item : text.split(",")) {
                items.add(Integer.valueOf(item));
            }
        }
        return items;
    }
}
