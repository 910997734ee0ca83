package pgha.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import pgha.agent.lease.Terms;
import pgha.dcs.DcsReply;
import pgha.dcs.codec.ClusterCodec;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.LeaderRecord;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.PendingRestart;
import pgha.dcs.model.Revision;
import pgha.dcs.model.Role;
import pgha.dcs.model.RunState;
import pgha.dcs.model.SyncState;
import pgha.dcs.model.SystemIdentifier;
import pgha.dcs.model.Tags;
import pgha.dcs.model.Timeline;
import pgha.rest.NodeStatus;

/** The page is what Patroni's users know, and ours; {@code -Drewrite=true} writes the expected pages anew. */
class MetricsTest {
    private static final Moment NOW = new Moment(Duration.ofSeconds(1000).toNanos());
    private static final MemberName PG1 = new MemberName("pg1");
    private static final MemberName PG2 = new MemberName("pg2");

    @Test
    void aLeaderShowsItsPositionAndItsLease() throws IOException {
        Metrics metrics = metrics(leader());
        compare("leader.txt", withoutMostDecisions(metrics.page()));
    }

    @Test
    void aSynchronousReplicaShowsWhatItReceivedAndReplayed() throws IOException {
        compare("replica.txt", gauges(metrics(replica()).page()));
    }

    @Test
    void withPostgresAndTheStoreDownThePageIsThereAndClaimsNothing() throws IOException {
        compare("down.txt", gauges(metrics(down()).page()));
    }

    /** CompatibilityTest goes by this list, which the page of one moment need not have all of. */
    @Test
    void everyFamilyIsListed() throws IOException {
        compare("families.txt", MetricsPage.families(metrics(down()).scrape()));
    }

    @Test
    void callsOfTheStoreAreCountedByWhatBecameOfThem() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        StoreMetrics store = new StoreMetrics(registry);
        store.took(StoreMetrics.Call.RENEW, Duration.ofMillis(7), new DcsReply.Done<>(Duration.ofSeconds(10)));
        store.took(StoreMetrics.Call.RENEW, Duration.ofMillis(1500), new DcsReply.NoAnswer<>("silence"));

        assertThat(MetricsPage.of(registry.getPrometheusRegistry().scrape()))
                .contains("pgha_store_call_seconds_bucket{call=\"renew\",le=\"0.005\"} 0\n")
                .contains("pgha_store_call_seconds_bucket{call=\"renew\",le=\"0.01\"} 1\n")
                .contains("pgha_store_call_seconds_count{call=\"renew\"} 2\n")
                .contains("pgha_store_failures_total{call=\"renew\",reply=\"none\"} 1\n")
                .contains("pgha_store_failures_total{call=\"renew\",reply=\"refused\"} 0\n");
    }

    /** There is one for each reason, and the list of those is kept elsewhere. */
    private static String withoutMostDecisions(String page) {
        return page.lines()
                .filter(line -> !line.startsWith("pgha_decisions_total") || line.contains("reason=\"SERVE\""))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** What differs from status to status. */
    private static String gauges(String page) {
        return page.lines()
                .filter(line -> !line.startsWith("#"))
                .filter(line -> !line.matches(
                        "pgha_(decisions|handover|loop|lease_margin|lease_renewals|store_call|store_fail).*"))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static Metrics metrics(NodeStatus status) {
        return new Metrics(() -> status, new Terms(), () -> NOW);
    }

    private static NodeStatus leader() {
        NodeStatus.Postgres postgres = new NodeStatus.Postgres(
                "2024-08-28 19:39:26.352526+00",
                160004,
                Optional.of(new Timeline(5)),
                false,
                Optional.of(Lsn.parse("0/4000060")),
                Optional.empty(),
                true,
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                List.of());
        return status(PG1, Role.PRIMARY, RunState.RUNNING, NOW.plus(Duration.ofSeconds(8)), Optional.of(postgres));
    }

    private static NodeStatus replica() {
        NodeStatus.Postgres postgres = new NodeStatus.Postgres(
                "2024-08-28 21:40:01.1+02",
                160004,
                Optional.of(new Timeline(5)),
                true,
                Optional.empty(),
                Optional.of(Lsn.parse("16B/4000060")),
                true,
                Optional.of(Lsn.parse("16B/4000028")),
                Optional.of("2024-08-28 19:40:05.5+00"),
                true,
                Optional.empty(),
                Optional.of("streaming"),
                List.of());
        return status(PG2, Role.REPLICA, RunState.RUNNING, Moment.EARLIEST, Optional.of(postgres));
    }

    private static NodeStatus down() {
        return status(PG2, Role.REPLICA, RunState.CRASHED, Moment.EARLIEST, Optional.empty());
    }

    private static NodeStatus status(
            MemberName self, Role role, RunState state, Moment leaderUntil, Optional<NodeStatus.Postgres> postgres) {
        boolean linkUp = postgres.isPresent();
        return new NodeStatus(
                self,
                "demo",
                "4.1.14",
                role,
                state,
                leaderUntil,
                role == Role.PRIMARY,
                false,
                false,
                Tags.of(Map.of("failover_priority", self.equals(PG1) ? "2" : "0")),
                Optional.of(new SystemIdentifier("7268616322854375442")),
                postgres,
                linkUp ? NOW.minus(Duration.ofMillis(120)) : Moment.EARLIEST,
                view(),
                NOW.minus(Duration.ofMillis(linkUp ? 0 : 42_000)),
                1692356718,
                linkUp,
                NOW.plus(Duration.ofSeconds(5)),
                self.equals(PG1) ? Optional.of(PendingRestart.UNEXPLAINED) : Optional.empty(),
                Optional.empty(),
                false,
                false,
                NodeStatus.Why.STARTING);
    }

    private static ClusterView view() {
        TreeSet<MemberName> voters = new TreeSet<>(List.of(PG2));
        return new ClusterView(
                new Revision(118),
                new InitializeKey.Done(new SystemIdentifier("7268616322854375442")),
                Optional.of(new LeaderRecord(PG1, new LeaseId(7), new Revision(5), new Revision(5))),
                new Revision(3),
                false,
                new TreeMap<>(),
                Optional.of(
                        ClusterCodec.settings("{\"synchronous_mode\":true,\"failsafe_mode\":true}", new Revision(4))),
                Optional.empty(),
                Optional.of(new SyncState(PG1, 0, voters, new Revision(9))),
                Optional.empty(),
                Optional.empty(),
                new TreeMap<>(Map.of(PG1, "http://10.0.0.1:8008/patroni")));
    }

    private static void compare(String file, String actual) throws IOException {
        Path path = Path.of("src/test/resources/metrics", file);
        if (Boolean.getBoolean("rewrite")) {
            Files.createDirectories(path.getParent());
            Files.writeString(path, actual);
        }
        assertThat(actual).isEqualTo(Files.readString(path));
    }
}
