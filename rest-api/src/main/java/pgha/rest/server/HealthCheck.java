package pgha.rest.server;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import pgha.dcs.model.ByteCount;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Role;
import pgha.dcs.model.RunState;
import pgha.dcs.model.SynchronousMode;
import pgha.rest.ClusterDocument;
import pgha.rest.NodeStatus;

/**
 * Answers a load balancer's question with a status code, from what is published and the time.
 *
 * <p>Pure. A path is recognised by what it contains, as with Patroni, and an unknown one is unhealthy rather than not
 * found.
 */
final class HealthCheck {
    /** The questions, in the order in which a path is tried against them. */
    enum Question {
        STANDBY_LEADER,
        LEADER,
        PRIMARY,
        REPLICA,
        READ_ONLY,
        HEALTH,
        SYNC,
        QUORUM,
        ASYNC,
        READ_ONLY_SYNC,
        READ_ONLY_QUORUM,
        UNKNOWN
    }

    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final NodeStatus status;
    private final SortedMap<String, String> query;
    private final Moment now;

    private HealthCheck(NodeStatus status, SortedMap<String, String> query, Moment now) {
        this.status = status;
        this.query = query;
        this.now = now;
    }

    static int code(NodeStatus status, String path, SortedMap<String, String> query, Moment now) {
        return new HealthCheck(status, query, now).answers(question(path)) ? OK : UNAVAILABLE;
    }

    /** Whether the agent's loop is alive; in maintenance nobody should restart it for being slow. */
    static int liveness(NodeStatus status, Moment now) {
        return status.paused() || now.isBefore(status.aliveUntil()) ? OK : UNAVAILABLE;
    }

    /** Whether this member may count as redundancy: it leads, or streams and is close. */
    static int readiness(NodeStatus status, SortedMap<String, String> query, Moment now) {
        return new HealthCheck(status, query, now).isReady() ? OK : UNAVAILABLE;
    }

    static Question question(String path) {
        if (path.equals("/")) {
            return Question.PRIMARY;
        }
        if (containsAny(path, "standby_leader", "standby-leader")) {
            return Question.STANDBY_LEADER;
        }
        if (path.contains("leader")) {
            return Question.LEADER;
        }
        if (containsAny(path, "master", "primary", "read-write")) {
            return Question.PRIMARY;
        }
        if (path.contains("replica")) {
            return Question.REPLICA;
        }
        if (path.contains("read-only") && !containsAny(path, "sync", "quorum")) {
            return Question.READ_ONLY;
        }
        if (path.contains("health")) {
            return Question.HEALTH;
        }
        return switch (path) {
            case "/sync", "/synchronous" -> Question.SYNC;
            case "/quorum" -> Question.QUORUM;
            case "/async", "/asynchronous" -> Question.ASYNC;
            case "/read-only-sync", "/read-only-synchronous" -> Question.READ_ONLY_SYNC;
            case "/read-only-quorum" -> Question.READ_ONLY_QUORUM;
            default -> Question.UNKNOWN;
        };
    }

    private static boolean containsAny(String path, String... words) {
        return List.of(words).stream().anyMatch(path::contains);
    }

    private boolean answers(Question question) {
        return switch (question) {
            case STANDBY_LEADER -> isStandbyLeader();
            case LEADER -> status.leadsAt(now) || servesUnseen(Role.PRIMARY) || servesUnseen(Role.STANDBY_LEADER);
            case PRIMARY -> isPrimary();
            case REPLICA -> isUsableReplica();
            case READ_ONLY -> isPrimary() || isStandbyLeader() || isUsableReplica();
            case HEALTH -> isRunning() && hasWantedTags();
            case SYNC -> votesIn(SynchronousMode.ON) && isUsableReplica();
            case QUORUM -> votesIn(SynchronousMode.QUORUM) && isUsableReplica();
            case ASYNC -> status.seesStore(now) && !votes() && isUsableReplica();
            case READ_ONLY_SYNC ->
                isPrimary() || isStandbyLeader() || (votesIn(SynchronousMode.ON) && isUsableReplica());
            case READ_ONLY_QUORUM ->
                isPrimary() || isStandbyLeader() || (votesIn(SynchronousMode.QUORUM) && isUsableReplica());
            case UNKNOWN -> false;
        };
    }

    private boolean isPrimary() {
        boolean leads = status.leadsAt(now) && !status.standbyCluster() && status.role() == Role.PRIMARY;
        return leads || servesUnseen(Role.PRIMARY);
    }

    private boolean isStandbyLeader() {
        boolean follows = status.role() == Role.REPLICA || status.role() == Role.STANDBY_LEADER;
        return (status.leadsAt(now) && status.standbyCluster() && follows) || servesUnseen(Role.STANDBY_LEADER);
    }

    /** Paused and without the store, the role alone decides: maintenance must not end the service. */
    private boolean servesUnseen(Role role) {
        return status.paused() && !status.seesStore(now) && status.role() == role;
    }

    private boolean isRunning() {
        return status.state() == RunState.RUNNING && status.postgres().isPresent();
    }

    private boolean isUsableReplica() {
        return status.role() == Role.REPLICA
                && isRunning()
                && !(status.leadsAt(now) && status.standbyCluster())
                && !status.tags().noLoadBalance()
                && hasWantedTags()
                && hasWantedReplicationState()
                && isWithin(requestedLag(), replayed());
    }

    private boolean isReady() {
        if (status.leadsAt(now)) {
            return true;
        }
        boolean streams = status.postgres()
                .flatMap(NodeStatus.Postgres::replicationState)
                .filter("streaming"::equals)
                .isPresent();
        if (status.state() != RunState.RUNNING || !streams) {
            return false;
        }
        if (furthestKnown().isEmpty()) {
            return status.failsafeActive();
        }
        Optional<ByteCount> limit =
                requestedLag().or(() -> status.view().settings().map(settings -> settings.maximumLagOnFailover()));
        return isWithin(limit, "write".equals(query.get("mode")) ? received() : replayed());
    }

    private boolean isWithin(Optional<ByteCount> limit, Optional<Lsn> position) {
        if (limit.isEmpty()) {
            return true;
        }
        Lsn furthest = furthestKnown().orElse(Lsn.ZERO);
        return !furthest.minus(position.orElse(Lsn.ZERO)).exceeds(limit.get());
    }

    private Optional<ByteCount> requestedLag() {
        return Optional.ofNullable(query.get("lag")).flatMap(SizeText::parse);
    }

    /** The last position of the leader that this node heard of, from the store or from its walreceiver. */
    private Optional<Lsn> furthestKnown() {
        Optional<Lsn> published = status.view().status().map(ClusterStatus::lastLsn);
        Optional<Lsn> heard = status.postgres().flatMap(NodeStatus.Postgres::latestEnd);
        return published.isPresent() && heard.isPresent()
                ? Optional.of(Lsn.max(published.get(), heard.get()))
                : published.or(() -> heard);
    }

    private Optional<Lsn> replayed() {
        return status.postgres().flatMap(NodeStatus.Postgres::replayed);
    }

    private Optional<Lsn> received() {
        return status.postgres().flatMap(NodeStatus.Postgres::received);
    }

    private boolean hasWantedReplicationState() {
        String wanted = query.get("replication_state");
        return wanted == null
                || status.postgres()
                        .flatMap(NodeStatus.Postgres::replicationState)
                        .filter(wanted::equals)
                        .isPresent();
    }

    private boolean hasWantedTags() {
        return query.entrySet().stream()
                .filter(wanted -> wanted.getKey().startsWith("tag_"))
                .allMatch(this::hasTag);
    }

    private boolean hasTag(Map.Entry<String, String> wanted) {
        String tag = wanted.getKey().substring("tag_".length());
        return wanted.getValue().equals(status.tags().values().get(tag));
    }

    private boolean votes() {
        return votesIn(SynchronousMode.ON) || votesIn(SynchronousMode.QUORUM);
    }

    private boolean votesIn(SynchronousMode mode) {
        return status.seesStore(now)
                && status.view()
                        .settings()
                        .filter(settings -> settings.synchronousMode() == mode)
                        .isPresent()
                && status.view()
                        .sync()
                        .filter(sync -> ClusterDocument.isVoter(sync, status.self()))
                        .isPresent();
    }
}
