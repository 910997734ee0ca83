package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.Command;
import pgha.lab.LabOptions;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.cluster.RestReply;

/** What monitoring gets from a running cluster, whatever of it is down, and what the samples for the stack make of it. */
final class MetricsIT {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.named("metricsit");

    private static final Path STACK =
            LabOptions.from(System.getenv()).distribution().resolve("stack");
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final List<String> OF_WHO_TAKES_OVER =
            List.of("canvass", "acquire", "promote", "vip", "first_write");

    /** Patroni gave its counters names without the suffix, and its users know them by these. */
    private static final List<String> PATRONIS_WAY = Stream.of(
                    "patroni_xlog_location", "patroni_xlog_received_location", "patroni_xlog_replayed_location")
            .map(name -> name + " counter metrics should have \"_total\" suffix")
            .toList();

    @Test
    void promtoolFindsNothingButPatronisOwnNames() {
        for (LabNode node : RIG.cluster().nodes()) {
            Command.Result check = Command.run(LIMIT, page(node), List.of("promtool", "check", "metrics"));

            assertThat((check.out() + check.err()).lines()).containsExactlyInAnyOrderElementsOf(PATRONIS_WAY);
        }
    }

    @Test
    void theLeaderIsPrimaryGuardedAndHoldsTheAddress() {
        LabNode leader = RIG.cluster().awaitPrimary();

        Patience.demand("the leader has renewed", LIMIT, () -> value(leader, "pgha_lease_renewals_total") > 2);

        assertThat(value(leader, "patroni_primary")).isEqualTo(1);
        assertThat(value(leader, "pgha_guard_armed")).isEqualTo(1);
        assertThat(value(leader, "pgha_vip_bound")).isEqualTo(1);
        assertThat(value(leader, "pgha_lease_remaining_seconds")).isPositive();
        assertThat(value(leader, "pgha_lease_margin_seconds_count")).isPositive();
        assertThat(sum(leader, "pgha_store_call_seconds_count", "call=\"renew\""))
                .isPositive();
        for (LabNode replica : RIG.cluster().replicas()) {
            Patience.demand(
                    "the replica has seen that it streams",
                    LIMIT,
                    () -> value(replica, "patroni_postgres_streaming") == 1);
            assertThat(value(replica, "patroni_replica")).isEqualTo(1);
            assertThat(value(replica, "pgha_vip_bound")).isZero();
            assertThat(page(replica)).doesNotContain("\npgha_lease_remaining_seconds");
        }
    }

    @Test
    void aSwitchoverIsToldByBothWhoTookPartInIt() {
        LabCluster cluster = RIG.cluster();
        LabNode from = cluster.awaitPrimary();
        LabNode to = cluster.replicas().getFirst();
        double stopped = phases(from, "switchover", "stop");
        List<Double> before = takenOver(to, "switchover");
        double failovers = phases(to, "failover", "acquire");

        Faults.switchover(cluster, from.name(), to.name());

        Patience.demand("the new leader has told all phases", LIMIT, () -> takenOver(to, "switchover")
                .equals(oneMore(before)));
        assertThat(phases(from, "switchover", "stop")).isEqualTo(stopped + 1);
        assertThat(phases(to, "failover", "acquire")).isEqualTo(failovers);
    }

    @Test
    void aFailoverIsToldByTheOneThatTookOver() {
        LabCluster cluster = RIG.cluster();
        LabNode from = cluster.awaitPrimary();
        List<LabNode> others = cluster.replicas();
        double before = others.stream()
                .mapToDouble(node -> phases(node, "failover", "detect"))
                .sum();

        from.host().powerLoss();
        Patience.demand("another node is primary", LIMIT, () -> Faults.movedFrom(cluster, from));

        LabNode winner = cluster.awaitPrimary();
        Patience.demand("the new leader has told all phases", LIMIT, () -> takenOver(winner, "failover").stream()
                .allMatch(count -> count >= 1));
        double after = others.stream()
                .mapToDouble(node -> phases(node, "failover", "detect"))
                .sum();
        assertThat(after).isEqualTo(before + 1);
    }

    @Test
    void thePageIsServedWhilePostgresAndTheStoreAreDown() {
        LabCluster cluster = RIG.cluster();
        LabNode replica = cluster.replicas().getFirst();

        cluster.etcd().members().forEach(cluster.etcd()::kill);
        Patience.demand("the store is gone", LIMIT, () -> value(replica, "pgha_store_linked") == 0);
        String withoutStore = page(replica);
        replica.runningPostmaster().signal(Signal.KILL);
        String withoutBoth = page(replica);

        assertThat(withoutStore)
                .contains("\npatroni_xlog_replayed_location{")
                .contains("\npgha_store_view_age_seconds{");
        assertThat(withoutBoth).contains("\npatroni_postgres_running{").contains("\npatroni_version{");
        Patience.demand(
                "the last view of the cluster is older than a lease",
                Duration.ofMinutes(1),
                () -> value(replica, "patroni_cluster_unlocked") == 1);
    }

    @Test
    void whatTheDashboardAndTheAlertsAskForExists() throws IOException {
        List<String> queries = new ArrayList<>();
        expressions(
                new ObjectMapper().readTree(STACK.resolve("grafana/pgha.json").toFile()), queries);
        String rules = Files.readString(STACK.resolve("prometheus/pgha-rules.yml"));
        String served = RIG.cluster().nodes().stream().map(MetricsIT::page).collect(Collectors.joining());

        assertThat(queries).hasSizeGreaterThan(15);
        for (String name : names(String.join(" ", queries) + rules)) {
            assertThat(served).contains("\n" + name + "{");
        }
        Command.Result check =
                Command.run(LIMIT, asRules(queries), List.of("promtool", "check", "rules", "/dev/stdin"));
        assertThat(check.exitCode()).as(check.out() + check.err()).isZero();
    }

    @Test
    void everyLineOfTheLogIsUnderstoodByTheSampleForVector() throws IOException {
        String sample = Files.readString(STACK.resolve("vector/pgha-agent.toml"));
        Matcher quoted = Pattern.compile("parse_regex\\(line, r'(\\^.*\\$)'\\)").matcher(sample);
        assertThat(quoted.find()).isTrue();
        Pattern event = Pattern.compile(quoted.group(1).replace("(?P<", "(?<"));

        for (LabNode node : RIG.cluster().nodes()) {
            assertThat(node.log().lines()).isNotEmpty().allMatch(line -> event.matcher(line)
                    .matches());
        }
    }

    private static String page(LabNode node) {
        RestReply reply = node.get("/metrics");
        assertThat(reply.code()).isEqualTo(200);
        return reply.body();
    }

    private static double value(LabNode node, String name) {
        return sum(node, name, "");
    }

    private static double sum(LabNode node, String name, String label) {
        return page(node)
                .lines()
                .filter(line -> line.startsWith(name + "{") && line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static double phases(LabNode node, String kind, String phase) {
        return sum(node, "pgha_handover_phase_seconds_count", "kind=\"%s\",phase=\"%s\"".formatted(kind, phase));
    }

    private static List<Double> takenOver(LabNode node, String kind) {
        return OF_WHO_TAKES_OVER.stream()
                .map(phase -> phases(node, kind, phase))
                .toList();
    }

    private static List<Double> oneMore(List<Double> counts) {
        return counts.stream().map(count -> count + 1).toList();
    }

    private static void expressions(JsonNode json, List<String> into) {
        if (json.path("expr").isTextual()) {
            into.add(json.path("expr").asText());
        }
        json.forEach(child -> expressions(child, into));
    }

    private static SortedSet<String> names(String queries) {
        return Pattern.compile("\\b(?:patroni|pgha)_[a-z_]+")
                .matcher(queries)
                .results()
                .map(found -> found.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Each query as the expression of a rule, which promtool parses. */
    private static String asRules(List<String> queries) {
        return queries.stream()
                .map(query -> "      - {record: query, expr: '%s'}".formatted(query.replace("'", "''")))
                .collect(Collectors.joining("\n", "groups:\n  - name: dashboard\n    rules:\n", "\n"));
    }
}
