package pgha.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.PendingRestart;
import pgha.dcs.model.ScheduledRestart;
import pgha.dcs.model.SwitchoverRequest;
import pgha.dcs.model.SyncState;
import pgha.dcs.model.SynchronousMode;
import pgha.dcs.model.Tags;

/**
 * The cluster as people look at it: the body of {@code GET /cluster}, and what {@code agentctl list} prints.
 *
 * <p>Pure. Keys and words are Patroni's. A lag is counted against the position that the leader last published.
 */
public final class ClusterDocument {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ClusterView view;
    private final boolean standbyCluster;
    private final Optional<Lsn> lastLsn;

    private ClusterDocument(ClusterView view, boolean standbyCluster) {
        this.view = view;
        this.standbyCluster = standbyCluster;
        this.lastLsn = view.status().map(ClusterStatus::lastLsn);
    }

    /** @param standbyCluster whether the leader stays in recovery and follows another cluster */
    public static ObjectNode of(ClusterView view, String scope, boolean standbyCluster) {
        return new ClusterDocument(view, standbyCluster).render(scope);
    }

    /** A member's tags, with {@code true}, {@code false} and whole numbers as such. */
    public static ObjectNode tags(Tags tags) {
        ObjectNode object = JSON.objectNode();
        tags.values().forEach((name, value) -> {
            if (value.equals("true") || value.equals("false")) {
                object.put(name, value.equals("true"));
            } else if (value.matches("-?(0|[1-9]\\d{0,8})")) {
                object.put(name, Integer.parseInt(value));
            } else {
                object.put(name, value);
            }
        });
        return object;
    }

    private ObjectNode render(String scope) {
        ObjectNode cluster = JSON.objectNode();
        var members = cluster.putArray("members");
        view.members().values().forEach(member -> members.add(member(member)));
        if (view.settings().filter(settings -> settings.paused()).isPresent()) {
            cluster.put("pause", true);
        }
        view.request()
                .filter(request -> request.scheduledAt().isPresent())
                .ifPresent(request -> cluster.set("scheduled_switchover", scheduled(request)));
        return cluster.put("scope", scope);
    }

    private static ObjectNode scheduled(SwitchoverRequest request) {
        ObjectNode object = JSON.objectNode();
        request.scheduledAt().ifPresent(at -> object.put("at", at));
        request.leader().ifPresent(leader -> object.put("from", leader.value()));
        request.candidate().ifPresent(candidate -> object.put("to", candidate.value()));
        return object;
    }

    /** Adds that a server has to be started again, and why. */
    public static void put(ObjectNode object, PendingRestart pending) {
        object.put("pending_restart", true);
        if (!pending.changes().isEmpty()) {
            ObjectNode reasons = object.putObject("pending_restart_reason");
            pending.changes().forEach((name, change) -> reasons.putObject(name)
                    .put("old_value", change.oldValue())
                    .put("new_value", change.newValue()));
        }
    }

    /** Adds that a server is to be started again at a time, and on which conditions. */
    public static void put(ObjectNode object, ScheduledRestart restart) {
        ObjectNode scheduled = object.putObject("scheduled_restart");
        restart.role().ifPresent(role -> scheduled.put("role", role.word()));
        restart.postgresVersion().ifPresent(version -> scheduled.put("postgres_version", version));
        if (restart.ifPending()) {
            scheduled.put("restart_pending", true);
        }
        restart.timeoutSeconds().ifPresent(seconds -> scheduled.put("timeout", seconds));
        scheduled.put("schedule", restart.schedule());
    }

    private ObjectNode member(Member member) {
        boolean leads =
                view.leader().filter(l -> l.name().equals(member.name())).isPresent();
        ObjectNode object = JSON.objectNode();
        object.put("name", member.name().value());
        object.put("role", role(member.name(), leads));
        object.put("state", leads ? member.state().words() : stateOfFollower(member));
        member.apiUrl().ifPresent(url -> object.put("api_url", url));
        member.postgresAddress().ifPresent(address -> {
            object.put("host", address.host());
            object.put("port", address.port());
        });
        member.timeline().ifPresent(timeline -> object.put("timeline", timeline.id()));
        member.pendingRestart().ifPresent(pending -> put(object, pending));
        member.scheduledRestart().ifPresent(restart -> {
            put(object, restart);
            restart.postmasterStartTime()
                    .ifPresent(since -> object.withObject("/scheduled_restart").put("postmaster_start_time", since));
        });
        if (!member.tags().values().isEmpty()) {
            object.set("tags", tags(member.tags()));
        }
        if (!leads) {
            position(object, "receive_lag", "receive_lsn", member.receivedLsn());
            position(object, "replay_lag", "replay_lsn", member.replayedLsn());
            position(object, "lag", "lsn", member.position());
        }
        return object;
    }

    private static String stateOfFollower(Member member) {
        return member.replicationState().orElse(member.state().words());
    }

    private String role(MemberName name, boolean leads) {
        if (leads) {
            return standbyCluster ? "standby_leader" : "leader";
        }
        SynchronousMode mode =
                view.settings().map(settings -> settings.synchronousMode()).orElse(SynchronousMode.OFF);
        boolean votes = view.sync().filter(sync -> isVoter(sync, name)).isPresent();
        return switch (mode) {
            case OFF -> "replica";
            case ON -> votes ? "sync_standby" : "replica";
            case QUORUM -> votes ? "quorum_standby" : "replica";
        };
    }

    /** Patroni compares these names without regard to case, as PostgreSQL does in synchronous_standby_names. */
    public static boolean isVoter(SyncState sync, MemberName name) {
        return sync.voters().stream().anyMatch(voter -> voter.value().equalsIgnoreCase(name.value()));
    }

    private void position(ObjectNode object, String lagKey, String lsnKey, Optional<Lsn> position) {
        if (position.isEmpty() || lastLsn.isEmpty()) {
            object.put(lagKey, "unknown");
        } else {
            object.put(lagKey, lastLsn.get().minus(position.get()).value());
        }
        object.put(lsnKey, position.map(Lsn::toString).orElse("unknown"));
    }
}
