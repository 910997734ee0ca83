package pgha.lab.workload;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import pgha.lab.LabException;
import pgha.lab.Patience;
import pgha.lab.cluster.DeadlineSockets;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabSql;

/**
 * Sessions opened through the VIP before a fault, one of each kind, and when each learns that it is over.
 *
 * <p>No read has a deadline: a session that nobody ends hangs, and shows as one without an end.
 */
public final class SessionHolder {
    /** What a session is doing when the fault comes. */
    public enum Kind {
        IDLE,
        IN_A_QUERY,
        IN_A_TRANSACTION,
        WAITING_IN_COMMIT
    }

    /** When a session got its error, and how: the server's words, or the network's. */
    public record Ended(Kind kind, long at, String how) {}

    /** Nobody is called so: a commit that must wait for it waits for ever. */
    private static final String NOBODY = "nobody";

    private static final Duration OPEN_LIMIT = Duration.ofSeconds(10);

    private final LabCluster cluster;
    private final Map<Kind, Ended> ends = new ConcurrentHashMap<>();
    private final Map<Kind, Connection> sessions = new EnumMap<>(Kind.class);

    private SessionHolder(LabCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Opens one session of each kind and returns once the server shows all of them in their state.
     *
     * <p>To keep one in COMMIT, the primary waits for a standby that does not exist; other sessions of the database are
     * told not to wait. {@link #forgetNobody} undoes this.
     */
    public static SessionHolder open(LabCluster cluster) {
        SessionHolder holder = new SessionHolder(cluster);
        holder.onVip(connection -> {
            LabSql.execute(connection, "CREATE TABLE IF NOT EXISTS held (kind text)");
            LabSql.execute(connection, "ALTER DATABASE postgres SET synchronous_commit = local");
            LabSql.execute(connection, "ALTER SYSTEM SET synchronous_standby_names = '" + NOBODY + "'");
            return LabSql.single(connection, "SELECT pg_reload_conf()");
        });
        for (Kind kind : Kind.values()) {
            holder.open(kind);
        }
        Patience.demand("all sessions are in their state", OPEN_LIMIT, holder::allInTheirState);
        return holder;
    }

    /** Lets commits on every node that answers wait for nobody any more. */
    public static void forgetNobody(LabCluster cluster) {
        cluster.nodes().stream().filter(node -> node.host().isRunning()).forEach(node -> {
            node.sql("SELECT 1");
            cluster.lab().clientThreads().call(() -> {
                try (Connection connection = node.connect()) {
                    LabSql.execute(connection, "ALTER SYSTEM RESET synchronous_standby_names");
                    return LabSql.single(connection, "SELECT pg_reload_conf()");
                }
            });
        });
    }

    /** The end of every session that had one so far. */
    public Map<Kind, Ended> ends() {
        return Map.copyOf(ends);
    }

    /** True once every session has its end; false if one has none within {@code limit}. */
    public boolean awaitAll(Duration limit) {
        return Patience.until(limit, () -> ends.size() == Kind.values().length);
    }

    /** Those that still wait for an end. */
    public List<Kind> hanging() {
        List<Kind> hanging = new ArrayList<>(List.of(Kind.values()));
        hanging.removeAll(ends.keySet());
        return hanging;
    }

    /** Drops what is left. */
    public void close() {
        sessions.values().forEach(Connections::abandon);
    }

    private interface Use {
        String on(Connection connection) throws SQLException;
    }

    private String onVip(Use use) {
        return cluster.lab().clientThreads().call(() -> {
            try (Connection connection = cluster.connectVip(OPEN_LIMIT, OPEN_LIMIT)) {
                return use.on(connection);
            }
        });
    }

    private void open(Kind kind) {
        Opened opened = cluster.lab().clientThreads().call(() -> {
            Connection connection = cluster.connectVip(OPEN_LIMIT, Duration.ZERO);
            Socket socket =
                    DeadlineSockets.lastOfThisThread().orElseThrow(() -> new LabException("the driver made no socket"));
            LabSql.execute(connection, "SET application_name = 'held " + kind + "'");
            return new Opened(connection, socket);
        });
        sessions.put(kind, opened.connection());
        cluster.lab().clientThreads().execute(() -> {
            String how = hold(kind, opened);
            ends.put(kind, new Ended(kind, System.nanoTime(), how));
        });
    }

    private record Opened(Connection connection, Socket socket) {}

    /** Does what the kind says until it fails; says how it failed. */
    private static String hold(Kind kind, Opened opened) {
        Connection connection = opened.connection();
        try {
            switch (kind) {
                case IDLE -> {
                    return awaitLastWords(opened.socket());
                }
                case IN_A_QUERY -> LabSql.execute(connection, "SELECT pg_sleep(3600)");
                case IN_A_TRANSACTION -> {
                    connection.setAutoCommit(false);
                    LabSql.execute(connection, "INSERT INTO held VALUES ('" + kind + "')");
                    return awaitLastWords(opened.socket());
                }
                case WAITING_IN_COMMIT -> {
                    LabSql.execute(connection, "SET synchronous_commit = on");
                    connection.setAutoCommit(false);
                    LabSql.execute(connection, "INSERT INTO held VALUES ('" + kind + "')");
                    connection.commit();
                }
            }
            return "acknowledged";
        } catch (SQLException | IOException e) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        }
    }

    /** Reads past the driver what the server says unasked, until it says that this is the end, or says nothing more. */
    private static String awaitLastWords(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        for (int type = in.read(); type >= 0; type = in.read()) {
            byte[] body = new byte[in.readInt() - Integer.BYTES];
            in.readFully(body);
            if (type == 'E') {
                return "error from the server";
            }
        }
        return "closed by the server";
    }

    private boolean allInTheirState() {
        String states = onVip(connection -> LabSql.single(
                connection,
                "SELECT string_agg(application_name || ': ' || coalesce(wait_event, ''), ', ') FROM pg_stat_activity"
                        + " WHERE application_name LIKE 'held %'"));
        Optional<String> missing = Map.of(
                        Kind.IDLE, "ClientRead",
                        Kind.IN_A_QUERY, "PgSleep",
                        Kind.IN_A_TRANSACTION, "ClientRead",
                        Kind.WAITING_IN_COMMIT, "SyncRep")
                .entrySet()
                .stream()
                .map(wanted -> "held " + wanted.getKey() + ": " + wanted.getValue())
                .filter(wanted -> !states.contains(wanted))
                .findAny();
        return missing.isEmpty();
    }
}
