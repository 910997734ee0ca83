package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import pgha.lab.Patience;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;

/** Three nodes started at the same instant become one cluster. */
final class BootstrapIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static LabCluster cluster;

    @BeforeAll
    static void start() {
        cluster = ClusterRig.create("bootstrapit", options -> options);
        cluster.startAgents();
        cluster.awaitReady();
    }

    @AfterAll
    static void remove() {
        cluster.close();
    }

    @Test
    void oneNodeInitializesAndTheOthersCloneIt() {
        LabNode primary = cluster.awaitPrimary();
        String identifier = primary.sql("SELECT system_identifier FROM pg_control_system()");

        assertThat(cluster.nodes())
                .allSatisfy(node -> assertThat(node.sql("SELECT system_identifier FROM pg_control_system()"))
                        .isEqualTo(identifier));
        assertThat(cluster.etcd().get("/service/bootstrapit/initialize")).contains(identifier);
        // pg_basebackup leaves this file, initdb does not.
        assertThat(cluster.nodes().stream().filter(node -> node.host()
                        .read(LabNode.DATA + "/backup_label.old")
                        .isPresent()))
                .hasSize(2)
                .doesNotContain(primary);
        assertThat(primary.sql("SELECT timeline_id FROM pg_control_checkpoint()"))
                .isEqualTo("1");
    }

    @Test
    void replicasStreamThroughSlotsOfTheirOwn() {
        LabNode primary = cluster.awaitPrimary();

        assertThat(primary.sql(
                        "SELECT string_agg(slot_name, ',' ORDER BY slot_name) FROM pg_replication_slots WHERE active"))
                .isEqualTo(cluster.replicas().stream()
                        .map(node -> node.name().replace('-', '_'))
                        .sorted()
                        .reduce((one, other) -> one + "," + other)
                        .orElseThrow());
        assertThat(cluster.replicas()).allSatisfy(node -> assertThat(node.sql("SELECT pg_is_in_recovery()"))
                .isEqualTo("t"));
    }

    @Test
    void theVipIsAtThePrimaryAndAnswers() {
        assertThat(cluster.vipHolders()).isEqualTo(Set.of(cluster.awaitPrimary().name()));
        assertThat(cluster.viaVip("SELECT pg_is_in_recovery()")).contains("f");
    }

    @Test
    void theStoreHoldsPatronisKeys() {
        String prefix = "/service/bootstrapit/";
        String leader = cluster.awaitPrimary().name();

        assertThat(cluster.etcd().get(prefix + "leader")).as("the bare name").contains(leader);
        assertThat(cluster.etcd()
                        .etcdctl("get", "-w", "fields", prefix + "leader")
                        .orThrow())
                .as("under a lease")
                .doesNotContain("\"Lease\" : 0")
                .contains("\"Lease\" : ");
        assertThat(cluster.etcd()
                        .etcdctl("get", "--prefix", "--keys-only", prefix)
                        .orThrow()
                        .lines()
                        .filter(key -> !key.isBlank()))
                .contains(prefix + "config", prefix + "initialize", prefix + "leader", prefix + "status")
                .containsAll(List.of(prefix + "members/pg-1", prefix + "members/pg-2", prefix + "members/pg-3"));
    }

    @Test
    void agentctlListsTheMembersAsPatronictlDoes() {
        Patience.demand("both replicas have published that they stream", LIMIT, () -> streaming(list()) == 2);
        String table = list();

        assertThat(table.lines().filter(line -> line.startsWith("+ Cluster: bootstrapit (")))
                .hasSize(1);
        assertThat(table.lines().filter(line -> line.contains("| Leader "))).hasSize(1);
        assertThat(streaming(table)).isEqualTo(2);
    }

    private static String list() {
        return cluster.node("pg-2").agentctl("list").orThrow();
    }

    private static long streaming(String table) {
        return table.lines()
                .filter(line -> line.contains("| Replica ") && line.contains("| streaming "))
                .count();
    }

    @Test
    void restAnswersByRole() {
        LabNode primary = cluster.awaitPrimary();
        LabNode replica = cluster.replicas().getFirst();

        for (String method : List.of("GET", "HEAD", "OPTIONS")) {
            assertThat(primary.request(method, "/primary", "").code())
                    .as(method)
                    .isEqualTo(200);
            assertThat(primary.request(method, "/replica", "").code())
                    .as(method)
                    .isEqualTo(503);
            assertThat(replica.request(method, "/primary", "").code())
                    .as(method)
                    .isEqualTo(503);
            assertThat(replica.request(method, "/read-only", "").code())
                    .as(method)
                    .isEqualTo(200);
        }
        assertThat(primary.get("/patroni").json().path("role").asText()).isEqualTo("primary");
        assertThat(primary.get("/cluster").json().path("members")).hasSize(3);
        assertThat(replica.get("/liveness").code()).isEqualTo(200);
        assertThat(replica.get("/readiness").code()).isEqualTo(200);
    }

    @Test
    void postgresHasNoCapabilityOfTheAgents() {
        LabNode primary = cluster.awaitPrimary();
        int postmaster = primary.runningPostmaster().pidInHost();

        assertThat(primary.host().read("/proc/" + postmaster + "/status").orElseThrow())
                .contains("CapInh:\t0000000000000000")
                .contains("CapEff:\t0000000000000000")
                .contains("CapAmb:\t0000000000000000");
        assertThat(primary.runningAgent().commandLine()).doesNotContain("-D", "postgres:");
    }
}
