package pgha.rest.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Member;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Role;
import pgha.dcs.model.RunState;
import pgha.dcs.model.SynchronousMode;
import pgha.rest.ClusterDocument;
import pgha.rest.NodeStatus;

/**
 * What the node is, as JSON: the body of {@code GET /patroni} and of every health check.
 *
 * <p>Pure. Keys, words and the order of keys are Patroni's; {@code observed_age_ms} is ours.
 */
final class StatusDocument {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private StatusDocument() {}

    static ObjectNode of(NodeStatus status, Moment now) {
        ObjectNode document = JSON.objectNode();
        boolean answers = status.postgres().isPresent();
        RunState state = status.state() == RunState.RUNNING && !answers ? RunState.UNKNOWN : status.state();
        document.put("state", state.words());
        status.postgres().ifPresent(postgres -> document.put("postmaster_start_time", postgres.startTime()));
        document.put("role", status.role().word());
        if (status.mayWrite() && status.role() != Role.PRIMARY) {
            document.put("may_write", true);
        }
        status.postgres().ifPresent(postgres -> putPostgres(document, postgres));
        putSynchronous(document, status);
        putCluster(document, status, now);
        document.put("dcs_last_seen", status.viewSeenAtEpochSeconds());
        if (!status.tags().values().isEmpty()) {
            document.set("tags", ClusterDocument.tags(status.tags()));
        }
        status.pendingRestart().ifPresent(pending -> ClusterDocument.put(document, pending));
        status.scheduledRestart().ifPresent(restart -> ClusterDocument.put(document, restart));
        status.systemIdentifier().ifPresent(id -> document.put("database_system_identifier", id.value()));
        if (answers) {
            document.put("observed_age_ms", millis(status.observedAt(), now));
        }
        document.putObject("patroni")
                .put("version", Member.PATRONI_VERSION)
                .put("scope", status.scope())
                .put("name", status.self().value());
        document.putObject("pgha").put("version", status.version());
        return document;
    }

    private static void putCluster(ObjectNode document, NodeStatus status, Moment now) {
        if (status.paused()) {
            document.put("pause", true);
        }
        if (status.isUnlocked(now)) {
            document.put("cluster_unlocked", true);
        }
        if (status.failsafeActive()) {
            document.put("failsafe_mode_is_active", true);
        }
        if (status.watchdogFailed()) {
            document.put("watchdog_failed", true);
        }
    }

    private static void putPostgres(ObjectNode document, NodeStatus.Postgres postgres) {
        document.put("server_version", postgres.serverVersion());
        document.set("xlog", postgres.inRecovery() ? replicaPosition(postgres) : primaryPosition(postgres));
        postgres.timeline().ifPresent(timeline -> document.put("timeline", timeline.id()));
        postgres.replicationState().ifPresent(state -> document.put("replication_state", state));
        if (!postgres.replication().isEmpty()) {
            var senders = document.putArray("replication");
            postgres.replication().forEach(sender -> senders.add(walsender(sender)));
        }
    }

    private static ObjectNode primaryPosition(NodeStatus.Postgres postgres) {
        return JSON.objectNode()
                .put("location", postgres.location().map(Lsn::bytes).orElse(0L));
    }

    private static ObjectNode replicaPosition(NodeStatus.Postgres postgres) {
        Lsn replayed = postgres.replayed().orElse(Lsn.ZERO);
        ObjectNode position = JSON.objectNode()
                .put("received_location", postgres.received().orElse(replayed).bytes())
                .put("replayed_location", replayed.bytes())
                .put("replayed_timestamp", postgres.replayedTimestamp().orElse(null))
                .put("paused", postgres.replayPaused());
        // It has more than it says, or had: whoever counts on its word for an election must know.
        return postgres.complete() ? position : position.put("complete", false);
    }

    private static ObjectNode walsender(NodeStatus.Walsender sender) {
        return JSON.objectNode()
                .put("usename", sender.user())
                .put("application_name", sender.applicationName())
                .put("client_addr", sender.clientAddress().isEmpty() ? null : sender.clientAddress())
                .put("state", sender.state())
                .put("sync_state", sender.syncState())
                .put("sync_priority", sender.syncPriority());
    }

    private static void putSynchronous(ObjectNode document, NodeStatus status) {
        SynchronousMode mode = status.view()
                .settings()
                .map(settings -> settings.synchronousMode())
                .orElse(SynchronousMode.OFF);
        boolean votes = status.view()
                .sync()
                .filter(sync -> ClusterDocument.isVoter(sync, status.self()))
                .isPresent();
        if (votes && mode != SynchronousMode.OFF) {
            document.put(mode == SynchronousMode.ON ? "sync_standby" : "quorum_standby", true);
        }
    }

    /** How long ago something was, for people and programs alike; never negative. */
    static long millis(Moment then, Moment now) {
        Duration age = then.until(now);
        return age.isNegative() ? 0 : age.toMillis();
    }
}
