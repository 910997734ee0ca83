package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import pgha.lab.LabOptions;
import pgha.lab.Patience;
import pgha.lab.cluster.ClusterOptions;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;

/** Two sites: a cluster of one, and a standby cluster of two that copies it, until they change places. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class StandbyClusterIT {
    private static final String NAME = "standbyit";
    private static final Duration LIMIT = Duration.ofSeconds(40);

    /** Of the other site's files: who leads it is told from the others, and is made in a way of its own. */
    private static final String SECTIONS = """
            postgresql:
              parameters_standby_leader: {work_mem: 11MB}
              parameters_replica: {work_mem: 12MB}
              pg_ident_standby_leader: [leads one two]
              pg_ident_replica: [follows one two]
              far: {command: sh /var/lib/postgresql/far.sh}
            """;

    private static final String FAR = """
            for a; do case $a in --datadir=*) to=${a#*=} ;; --connstring=*) from=${a#*=} ;; esac; done
            for newest in /usr/lib/postgresql/*/bin/pg_basebackup; do :; done
            touch /var/lib/postgresql/made-from-afar
            exec "$newest" --checkpoint=fast -D "$to" -d "$from"
            """;

    private static LabCluster lab;
    private static LabNode here;
    private static List<LabNode> there;

    @BeforeAll
    static void start() {
        lab = ClusterRig.create(NAME, options -> options.withVips());
        here = lab.node("pg-1");
        there = List.of(lab.node("pg-2"), lab.node("pg-3"));
        LabOptions hosts = lab.lab().options();
        ClusterOptions copy = ClusterOptions.of("standbyit-copy", hosts.vip())
                .withSetting(
                        "standby_cluster",
                        "{host: %s, port: %d, create_replica_methods: [far]}"
                                .formatted(hosts.address("pg-1"), hosts.postgresPort()));
        there.forEach(node -> {
            node.configure(lab.yaml(node, copy).replace("\npostgresql:\n", "\n" + SECTIONS));
            node.write("far.sh", FAR);
        });
        here.startAgent();
        Patience.demand("the first site writes", LIMIT, () -> answers(here, "/primary"));
        here.execute("CREATE TABLE told (what text)");
        there.forEach(LabNode::startAgent);
        Patience.demand("the other site follows", LIMIT, StandbyClusterIT::copies);
    }

    @AfterAll
    static void remove() {
        lab.close();
    }

    private static boolean answers(LabNode node, String path) {
        return node.agent().isPresent() && node.get(path).code() == 200;
    }

    private static boolean copies() {
        return there.stream().filter(node -> answers(node, "/standby-leader")).count() == 1
                && there.stream().filter(node -> answers(node, "/replica")).count() == 1
                && there.stream().allMatch(LabNode::isStreaming);
    }

    private static LabNode leaderThere() {
        return there.stream()
                .filter(node -> answers(node, "/leader"))
                .findFirst()
                .orElseThrow();
    }

    /** As the files say of the two roles, in the server that runs. */
    private static boolean haveTheirSections() {
        return there.stream().allMatch(node -> {
            boolean leads = node == leaderThere();
            return node.sql("SELECT current_setting('work_mem') || ' ' || map_name FROM pg_ident_file_mappings")
                    .equals(leads ? "11MB leads" : "12MB follows");
        });
    }

    private static boolean isMadeFromAfar(LabNode node) {
        return Files.exists(node.host().disk().resolve("postgresql/made-from-afar"));
    }

    /** What {@code on} tells arrives at every node of {@code at}. */
    private static void arrives(String what, LabNode on, List<LabNode> at) {
        on.execute("INSERT INTO told VALUES ('%s')".formatted(what));
        at.forEach(node -> Patience.demand(what + " is on " + node.name(), LIMIT, () -> node.sql(
                        "SELECT count(*) FROM told WHERE what = '%s'".formatted(what))
                .equals("1")));
    }

    @Test
    @Order(1)
    void itsLeaderFollowsFromOutsideAndServesNoWrites() {
        arrives("copied", here, there);

        LabNode leader = leaderThere();
        assertThat(lab.vipHolders()).containsExactly(leader.name());
        assertThat(leader.get("/primary").code()).isEqualTo(503);
        assertThat(leader.get("/read-only").code()).isEqualTo(200);
        assertThat(leader.get("/patroni").json().path("role").asText()).isEqualTo("standby_leader");
        assertThat(leader.sql("SELECT sender_host FROM pg_stat_wal_receiver"))
                .isEqualTo(lab.lab().options().address("pg-1"));
        Patience.demand("each has the sections of its role", LIMIT, StandbyClusterIT::haveTheirSections);
        assertThat(there.stream().filter(StandbyClusterIT::isMadeFromAfar)).containsExactly(leader);
        assertThat(leader.agentctl("list").out()).contains("Standby Leader");
        assertThat(leader.agentctl("why").out()).contains("standby cluster");
    }

    @Test
    @Order(2)
    void leadershipMovesAndNobodyIsPromoted() {
        LabNode before = leaderThere();

        assertThat(before.agentctl("switchover", "--force").exitCode()).isZero();

        Patience.demand("the other one leads", LIMIT, () -> copies() && leaderThere() != before);
        Patience.demand("the address is there", LIMIT, () -> lab.vipHolders()
                .equals(Set.of(leaderThere().name())));
        arrives("after the switchover", here, there);
        Patience.demand("each has the sections of its new role", LIMIT, StandbyClusterIT::haveTheirSections);
        assertThat(before.sql("SELECT timeline_id FROM pg_control_checkpoint()"))
                .isEqualTo("1");
    }

    @Test
    @Order(3)
    void theSitesChangePlaces() {
        LabNode leader = leaderThere();
        String port = Integer.toString(lab.lab().options().postgresPort());

        assertThat(here.agentctl(
                                "demote-cluster",
                                "--host",
                                lab.lab().options().address(leader.name()),
                                "--port",
                                port,
                                "--force")
                        .exitCode())
                .isZero();
        assertThat(here.get("/standby-leader").code()).isEqualTo(200);
        assertThat(leader.agentctl("promote-cluster", "--force").exitCode()).isZero();

        assertThat(leader.get("/primary").code()).isEqualTo(200);
        arrives("after the change of places", leader, lab.nodes());
        assertThat(here.get("/primary").code()).isEqualTo(503);
    }
}
