package pgha.agent.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import pgha.agent.ha.Observation;
import pgha.agent.ha.Observation.Sender;
import pgha.agent.ha.Observation.Slot;
import pgha.agent.ha.Observation.Synchrony;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.LogicalSlot;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.PendingRestart;
import pgha.dcs.model.Timeline;

/**
 * Asks PostgreSQL for everything that an {@link Observation} has of it, in one round trip.
 *
 * <p>Stateless. Needs a superuser's connection and PostgreSQL 13 or later.
 */
final class StatusQuery {
    /**
     * Whom commits wait for. While the checkpointer is busy, it does not tell the others of names where there were none:
     * when it is seen to wait, it has taken every change up to a moment ago.
     */
    static final String SYNCHRONY = """
            SELECT current_setting('synchronous_standby_names') AS names,
                   current_setting('synchronous_commit') AS commit_mode,
                   EXISTS (SELECT FROM pg_settings
                            WHERE name = 'synchronous_standby_names' AND sourcefile LIKE '%%/%s') AS ours,
                   EXISTS (SELECT FROM pg_stat_activity
                            WHERE backend_type = 'checkpointer'
                              AND wait_event IN ('CheckpointerMain', 'CheckpointWriteDelay')) AS settled
            """.formatted(ConfigFiles.SYNC_NAMES);

    /** A replica that has replayed its own log waits for more, or has begun to receive: until then it does not say its end. */
    private static final String SERVER = """
            SELECT pg_is_in_recovery() AS in_recovery,
                   CASE WHEN pg_is_in_recovery() THEN 0
                        ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END AS own_timeline,
                   CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_current_wal_flush_lsn() END AS flushed,
                   coalesce(greatest(w.flushed_lsn, pg_last_wal_receive_lsn()),
                            CASE WHEN EXISTS (SELECT FROM pg_stat_activity
                                               WHERE backend_type = 'startup' AND wait_event IN (
                                                     'RecoveryWalStream', 'RecoveryRetrieveRetryInterval'))
                                 THEN pg_last_wal_replay_lsn() END) AS received,
                   pg_last_wal_replay_lsn() AS replayed,
                   pg_last_xact_replay_timestamp()::text AS replayed_timestamp,
                   CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() ELSE false END AS replay_paused,
                   pg_postmaster_start_time()::text AS start_time,
                   current_setting('server_version_num')::int AS version,
                   current_setting('primary_conninfo', true) AS conninfo,
                   coalesce(current_setting('primary_slot_name', true), '') AS slot_name,
                   coalesce(current_setting('restore_command', true), '') AS restore_command,
                   coalesce(w.status, '') AS receiver,
                   w.latest_end_lsn AS latest_end,
                   CASE WHEN w.latest_end_lsn IS NULL THEN 0 ELSE w.received_tli END AS received_timeline,
                   c.timeline_id AS checkpoint_timeline,
                   coalesce(r.min_recovery_end_timeline, 0) AS recovery_timeline
              FROM pg_control_checkpoint() c, pg_control_recovery() r
              LEFT JOIN pg_stat_wal_receiver w ON true;
            """;

    /**
     * The parameters that a reload could not change, with what the files have for each. Those of the command line are in
     * our file, too, so that they are told likewise. The files are read only if there are any.
     */
    private static final String PENDING = """
            SELECT s.name, current_setting(s.name),
                   coalesce((SELECT f.setting FROM pg_file_settings f
                              WHERE lower(f.name) = lower(s.name) ORDER BY f.seqno DESC LIMIT 1), '')
              FROM pg_settings s WHERE s.pending_restart ORDER BY s.name;
            """;

    /** That PostgreSQL keeps a slot on the standbys by itself it says from 17 on, in columns that others do not have. */
    private static final String SLOTS = """
            SELECT slot_name, active, CASE slot_type WHEN 'logical' THEN confirmed_flush_lsn ELSE restart_lsn END,
                   database, plugin, coalesce((to_jsonb(s) ->> 'failover')::boolean, false), xmin IS NOT NULL
              FROM pg_replication_slots s
             WHERE NOT temporary AND NOT coalesce((to_jsonb(s) ->> 'synced')::boolean, false) ORDER BY slot_name;
            """;

    private static final String SENDERS = """
            SELECT coalesce(usename, ''), application_name, coalesce(host(client_addr), ''), coalesce(state, ''),
                   coalesce(sync_state, ''), coalesce(sync_priority, 0), write_lsn, flush_lsn, replay_lsn
              FROM pg_stat_replication ORDER BY application_name, pid;
            """;

    private StatusQuery() {}

    /**
     * @param known the greatest timeline that this server was seen on, if any
     * @param replayed the timeline of what a replica replayed last, if somebody has asked
     * @param history where its timelines come from
     */
    static Observation.Sql ask(
            Connection connection, Optional<Timeline> known, Optional<Timeline> replayed, HistoryFiles history)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(SERVER + PENDING + SLOTS + SENDERS + SYNCHRONY);
            ResultSet server = statement.getResultSet();
            server.next();
            statement.getMoreResults(Statement.KEEP_CURRENT_RESULT);
            Optional<PendingRestart> pending = pending(statement.getResultSet());
            statement.getMoreResults(Statement.KEEP_CURRENT_RESULT);
            List<Slot> slots = slots(statement.getResultSet());
            statement.getMoreResults(Statement.KEEP_CURRENT_RESULT);
            List<Sender> senders = senders(statement.getResultSet());
            statement.getMoreResults(Statement.KEEP_CURRENT_RESULT);
            Beside beside = new Beside(pending, slots, senders, synchrony(statement.getResultSet()));
            return facts(server, known, replayed, history, beside);
        }
    }

    /** What is not one row. */
    private record Beside(
            Optional<PendingRestart> pending, List<Slot> slots, List<Sender> senders, Synchrony synchrony) {}

    private static Observation.Sql facts(
            ResultSet row, Optional<Timeline> known, Optional<Timeline> replayed, HistoryFiles history, Beside beside)
            throws SQLException {
        boolean inRecovery = row.getBoolean("in_recovery");
        int timeline = Math.max(
                Math.max(row.getInt("own_timeline"), row.getInt("received_timeline")),
                inRecovery ? Math.max(row.getInt("checkpoint_timeline"), row.getInt("recovery_timeline")) : 0);
        Timeline current = new Timeline(inRecovery ? Math.max(timeline, Math.max(id(known), id(replayed))) : timeline);
        boolean streaming = row.getString("receiver").equals("streaming");
        return new Observation.Sql(
                inRecovery,
                current,
                lsn(row.getString("flushed")),
                lsn(row.getString("received")),
                lsn(row.getString("replayed")),
                replayed.filter(on -> inRecovery),
                inRecovery ? upstream(row.getString("conninfo")) : Optional.empty(),
                inRecovery ? row.getString("slot_name") : "",
                streaming,
                inRecovery && !streaming && !row.getString("restore_command").isEmpty(),
                lsn(row.getString("latest_end")),
                Optional.ofNullable(row.getString("replayed_timestamp")),
                row.getBoolean("replay_paused"),
                row.getString("start_time"),
                row.getInt("version"),
                beside.pending(),
                new Timeline(row.getInt("checkpoint_timeline")),
                history.beyondTheFirst(current),
                beside.slots(),
                beside.senders(),
                beside.synchrony());
    }

    private static int id(Optional<Timeline> timeline) {
        return timeline.map(Timeline::id).orElse(1);
    }

    private static Optional<PendingRestart> pending(ResultSet rows) throws SQLException {
        SortedMap<String, PendingRestart.Change> changes = new TreeMap<>();
        while (rows.next()) {
            changes.put(rows.getString(1), new PendingRestart.Change(rows.getString(2), rows.getString(3)));
        }
        return changes.isEmpty() ? Optional.empty() : Optional.of(new PendingRestart(changes));
    }

    private static List<Slot> slots(ResultSet rows) throws SQLException {
        List<Slot> slots = new ArrayList<>();
        while (rows.next()) {
            @Nullable String plugin = rows.getString(5);
            Optional<LogicalSlot> logical =
                    plugin == null ? Optional.empty() : Optional.of(new LogicalSlot(rows.getString(4), plugin));
            slots.add(new Slot(
                    rows.getString(1),
                    rows.getBoolean(2),
                    lsn(rows.getString(3)),
                    logical,
                    rows.getBoolean(6),
                    rows.getBoolean(7)));
        }
        return slots;
    }

    private static List<Sender> senders(ResultSet rows) throws SQLException {
        List<Sender> senders = new ArrayList<>();
        while (rows.next()) {
            senders.add(new Sender(
                    rows.getString(1),
                    rows.getString(2),
                    rows.getString(3),
                    rows.getString(4),
                    rows.getString(5),
                    rows.getInt(6),
                    lsn(rows.getString(7)),
                    lsn(rows.getString(8)),
                    lsn(rows.getString(9))));
        }
        return senders;
    }

    private static Synchrony synchrony(ResultSet row) throws SQLException {
        row.next();
        return new Synchrony(
                row.getString("names"),
                row.getString("commit_mode"),
                row.getBoolean("ours"),
                row.getBoolean("settled"));
    }

    private static Optional<HostPort> upstream(@Nullable String conninfo) {
        return conninfo == null ? Optional.empty() : ConnInfo.parse(conninfo).server();
    }

    private static Optional<Lsn> lsn(@Nullable String text) {
        return text == null || text.isEmpty() ? Optional.empty() : Optional.of(Lsn.parse(text));
    }
}
