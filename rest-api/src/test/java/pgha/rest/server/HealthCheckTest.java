package pgha.rest.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Role;
import pgha.dcs.model.RunState;
import pgha.dcs.model.SynchronousMode;
import pgha.rest.Golden;
import pgha.rest.NodeStatus;
import pgha.rest.Statuses;

class HealthCheckTest {
    private static final List<String> TARGETS = List.of(
            "/",
            "/primary",
            "/read-write",
            "/master",
            "/leader",
            "/standby-leader",
            "/standby_leader",
            "/replica",
            "/replica?lag=16kB",
            "/replica?lag=nonsense",
            "/replica?replication_state=streaming",
            "/replica?tag_clonefrom=true",
            "/replica?tag_clonefrom=false",
            "/replica?tag_zone=a",
            "/read-only",
            "/read-only?lag=0",
            "/health",
            "/health?tag_clonefrom=true",
            "/sync",
            "/synchronous",
            "/quorum",
            "/async",
            "/asynchronous",
            "/read-only-sync",
            "/read-only-quorum",
            "/liveness",
            "/readiness",
            "/readiness?lag=16kB",
            "/no-such-path");

    private static Map<String, NodeStatus> situations() {
        Map<String, NodeStatus> all = new LinkedHashMap<>();
        all.put("leader", leader(s -> s));
        all.put("leader, postgres down", leader(s -> {
            s.state = RunState.CRASHED;
            s.postgres = Optional.empty();
            return s;
        }));
        all.put("leader, claim just ended", leader(s -> {
            s.leaderUntil = Statuses.NOW;
            return s;
        }));
        all.put("leader, loop stuck", leader(s -> {
            s.aliveUntil = Statuses.NOW;
            return s;
        }));
        all.put("leader, promotion not finished", leader(s -> {
            s.role = Role.REPLICA;
            return s;
        }));
        all.put("primary, paused, no store", leader(s -> blind(paused(s))));
        all.put("primary, no store", leader(HealthCheckTest::blind));
        all.put("standby leader", replica(s -> {
            s.role = Role.STANDBY_LEADER;
            s.standbyCluster = true;
            s.leaderUntil = Statuses.NOW.plus(Duration.ofSeconds(8));
            return s;
        }));
        all.put("replica", replica(s -> s));
        all.put("replica, not streaming", replica(s -> at(s, "0/4000060", Optional.empty())));
        all.put("replica, 32 kB behind", replica(s -> at(s, "0/3FF8060", Optional.of("streaming"))));
        all.put("replica, 2 MB behind", replica(s -> at(s, "0/3E00060", Optional.of("streaming"))));
        all.put("replica, noloadbalance", replica(s -> {
            s.tags.put("noloadbalance", "true");
            return s;
        }));
        all.put("replica, starting", replica(s -> {
            s.state = RunState.STARTING;
            s.postgres = Optional.empty();
            return s;
        }));
        all.put("replica, not answering", replica(s -> {
            s.postgres = Optional.empty();
            return s;
        }));
        all.put("replica, no store", replica(HealthCheckTest::blind));
        all.put("replica, nothing known, failsafe", replica(HealthCheckTest::unknowing));
        all.put("sync standby", replica(s -> voting(s, SynchronousMode.ON)));
        all.put("quorum standby", replica(s -> voting(s, SynchronousMode.QUORUM)));
        return all;
    }

    private static NodeStatus leader(UnaryOperator<Statuses> change) {
        return Statuses.leader().with(change).build();
    }

    private static NodeStatus replica(UnaryOperator<Statuses> change) {
        return Statuses.replica().with(change).build();
    }

    private static Statuses blind(Statuses s) {
        s.linkUp = false;
        s.leaderUntil = Moment.EARLIEST;
        s.viewSeenAt = Statuses.NOW.minus(Duration.ofSeconds(30));
        return s;
    }

    private static Statuses paused(Statuses s) {
        s.paused = true;
        return s;
    }

    private static Statuses at(Statuses s, String lsn, Optional<String> replicationState) {
        s.postgres = Optional.of(Statuses.replicaPostgres(lsn, replicationState));
        return s;
    }

    private static Statuses voting(Statuses s, SynchronousMode mode) {
        s.mode = mode;
        s.sync = Optional.of(Statuses.voters("PG2"));
        return s;
    }

    private static Statuses unknowing(Statuses s) {
        s.published = Optional.<ClusterStatus>empty();
        s.failsafeActive = true;
        s.postgres = Optional.of(new NodeStatus.Postgres(
                "2024-08-28 19:40:01+00:00",
                160004,
                Optional.empty(),
                true,
                Optional.empty(),
                Optional.of(Lsn.ZERO),
                true,
                Optional.of(Lsn.ZERO),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.of("streaming"),
                List.of()));
        return s;
    }

    private static int code(NodeStatus status, String target) {
        var query = new TreeMap<>(Request.queryOf(target));
        return switch (Request.pathOf(target)) {
            case "/liveness" -> HealthCheck.liveness(status, Statuses.NOW);
            case "/readiness" -> HealthCheck.readiness(status, query, Statuses.NOW);
            default -> HealthCheck.code(status, Request.pathOf(target), query, Statuses.NOW);
        };
    }

    private static String targetsWith(int code, NodeStatus status) {
        return TARGETS.stream()
                .filter(target -> code(status, target) == code)
                .collect(Collectors.joining("  ", "  " + code + "  ", "\n"));
    }

    @Test
    void everySituationAnswersEveryPathAsTheTableSays() {
        String table = situations().entrySet().stream()
                .map(situation -> "%s\n%s%s"
                        .formatted(
                                situation.getKey(),
                                targetsWith(200, situation.getValue()),
                                targetsWith(503, situation.getValue())))
                .collect(Collectors.joining("\n"));

        Golden.compare("health-checks.txt", table);
    }

    @Test
    void aLeadersClaimEndsAtItsDeadlineAndNotAfter() {
        NodeStatus status = Statuses.leader().build();
        var query = new TreeMap<String, String>();
        Moment lastMoment = new Moment(status.leaderUntil().nanos() - 1);

        assertThat(HealthCheck.code(status, "/primary", query, lastMoment)).isEqualTo(200);
        assertThat(HealthCheck.code(status, "/primary", query, status.leaderUntil()))
                .isEqualTo(503);
    }

    @Test
    void sizesAreReadAsPeopleWriteThem() {
        assertThat(List.of(
                        "0",
                        "1048576",
                        "16kB",
                        "1.5MB",
                        "2 GB",
                        "0x10kB",
                        "0x100000",
                        "020kB",
                        "1e3kB",
                        "089",
                        "-1",
                        "16KB",
                        "",
                        "x"))
                .extracting(text -> SizeText.parse(text).map(Object::toString).orElse("none"))
                .containsExactly(
                        "0 B", "1 MB", "16 kB", "1.5 MB", "2 GB", "16 kB", "1 MB", "16 kB", "1000 kB", "none", "none",
                        "none", "none", "none");
    }
}
