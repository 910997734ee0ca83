package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;

/** Settings of PostgreSQL reach the servers that run, on every member and without a client's noticing. */
final class SettingsIT {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.named("settingsit");

    private static final Duration LIMIT = Duration.ofSeconds(15);

    @Test
    void aParameterChangesEverywhereUnderLoad() {
        LabCluster cluster = RIG.cluster();
        Observed.during(
                        cluster,
                        "PATCH /config work_mem",
                        () -> patch(cluster, "work_mem", "\"8765kB\""),
                        LIMIT,
                        () -> cluster.nodes().stream()
                                .allMatch(node -> node.sql("SHOW work_mem").equals("8765kB")))
                .isUnnoticed();

        patch(cluster, "work_mem", "null");
        Patience.demand("work_mem is PostgreSQL's own again everywhere", LIMIT, () -> cluster.nodes().stream()
                .allMatch(node -> node.sql("SHOW work_mem").equals("4MB")));
        assertThat(cluster.replicas()).allMatch(LabNode::isStreaming);
    }

    @Test
    void whatNeedsARestartIsPendingWithItsReasonOnEveryMember() {
        LabCluster cluster = RIG.cluster();

        patch(cluster, "max_connections", "123");
        for (LabNode node : cluster.nodes()) {
            Patience.demand(
                    node.name() + " tells that a restart is pending",
                    LIMIT,
                    () -> node.get("/patroni").json().path("pending_restart").asBoolean());
            assertThat(node.get("/patroni")
                            .json()
                            .path("pending_restart_reason")
                            .toString())
                    .isEqualTo("{\"max_connections\":{\"old_value\":\"100\",\"new_value\":\"123\"}}");
        }
        Patience.demand(
                "the list has the reason of all three",
                LIMIT,
                () -> cluster.awaitPrimary().agentctl("list").orThrow().split("max_connections: 100->123", -1).length
                        == 4);

        patch(cluster, "max_connections", "100");
        for (LabNode node : cluster.nodes()) {
            Patience.demand(
                    node.name() + " has nothing pending",
                    LIMIT,
                    () -> !node.get("/patroni").json().path("pending_restart").asBoolean());
        }
    }

    @Test
    void whatPostgresDoesNotTakeIsLeftOutWithOneWarning() {
        LabCluster cluster = RIG.cluster();
        LabNode replica = cluster.replicas().getFirst();

        patch(cluster, "wrok_mem", "\"8MB\"");
        patch(cluster, "maintenance_work_mem", "\"12XB\"");
        patch(cluster, "statement_timeout", "\"123s\"");
        for (LabNode node : cluster.nodes()) {
            Patience.demand(node.name() + " has what was right", LIMIT, () -> node.sql("SHOW statement_timeout")
                    .equals("123s"));
            Patience.demand(node.name() + " warns", LIMIT, () -> warnings(node, "wrok_mem") == 1);
            Patience.demand(node.name() + " warns", LIMIT, () -> warnings(node, "maintenance_work_mem") == 1);
        }
        assertThat(replica.agentctl("restart", cluster.lab().options().name(), replica.name(), "--force")
                        .orThrow())
                .contains("Success");
        Patience.demand("a restarted replica streams again", LIMIT, replica::isStreaming);
        assertThat(warnings(replica, "wrok_mem")).as("warnings after a restart").isEqualTo(1);

        patch(cluster, "wrok_mem", "null");
        patch(cluster, "maintenance_work_mem", "null");
        patch(cluster, "statement_timeout", "null");
    }

    @Test
    void rulesOfTheNodesFileApplyAtSighup() {
        LabCluster cluster = RIG.cluster();
        LabNode node = cluster.replicas().getFirst();
        String before = node.configuration();

        node.configure(before.replace(
                "    - local all all peer\n",
                "    - local all all peer\n    - host nobodys_db all 10.9.9.9/32 reject\n"));
        node.signalAgent(Signal.HUP);
        String rules = "SELECT count(*) FROM pg_hba_file_rules WHERE database = '{nobodys_db}'";
        Patience.demand("the rule is read", LIMIT, () -> node.sql(rules).equals("1"));

        node.configure(before);
        node.signalAgent(Signal.HUP);
        Patience.demand("the rule is gone", LIMIT, () -> node.sql(rules).equals("0"));
        assertThat(node.isStreaming()).isTrue();
    }

    @Test
    void whatTheClusterSaysOfOneRoleIsOfThatRoleOnEveryMember() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();

        assertThat(send(cluster, "{\"postgresql\":{\"parameters_replica\":{\"work_mem\":\"7654kB\"}}}"))
                .isEqualTo("200");
        Patience.demand("the replicas have it", LIMIT, () -> cluster.replicas().stream()
                .allMatch(node -> node.sql("SHOW work_mem").equals("7654kB")));
        assertThat(primary.sql("SHOW work_mem")).isEqualTo("4MB");

        assertThat(send(cluster, "{\"postgresql\":{\"parameters_replica\":null}}"))
                .isEqualTo("200");
        Patience.demand("work_mem is PostgreSQL's own again everywhere", LIMIT, () -> cluster.nodes().stream()
                .allMatch(node -> node.sql("SHOW work_mem").equals("4MB")));
    }

    @Test
    void whatNobodyUnderstandsIsRefusedAndChangesNothing() {
        LabCluster cluster = RIG.cluster();
        String before = cluster.awaitPrimary().get("/config").json().toString();

        assertThat(send(cluster, "{\"synchronous_mode\":\"maybe\"}")).isEqualTo("400");
        assertThat(send(cluster, "{\"postgresql\":{\"callbacks\":\"x\"}}")).isEqualTo("400");
        assertThat(cluster.awaitPrimary().get("/config").json().toString()).isEqualTo(before);
    }

    private static void patch(LabCluster cluster, String parameter, String json) {
        assertThat(send(cluster, "{\"postgresql\":{\"parameters\":{\"" + parameter + "\":" + json + "}}}"))
                .as("PATCH /config " + parameter + "=" + json)
                .isEqualTo("200");
    }

    /** The code that a patch of the settings gets. */
    private static String send(LabCluster cluster, String body) {
        LabNode primary = cluster.awaitPrimary();
        // The client of the JDK that the lab uses knows no PATCH.
        return primary.host()
                .exec(
                        "curl",
                        "--silent",
                        "--max-time",
                        "10",
                        "--output",
                        "/dev/null",
                        "--write-out",
                        "%{http_code}",
                        "--request",
                        "PATCH",
                        "--data",
                        body,
                        "http://" + primary.host().address() + ":"
                                + cluster.lab().options().restPort() + "/config")
                .orThrow();
    }

    private static long warnings(LabNode node, String parameter) {
        return node.log()
                .lines()
                .filter(line -> line.contains("WARNING") && line.contains("postgresql.parameters." + parameter + ":"))
                .count();
    }
}
