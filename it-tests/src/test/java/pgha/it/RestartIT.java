package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.LabProcess;
import pgha.lab.Patience;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.cluster.RestReply;

/** What an operator orders of one node over REST: restart, reinitialize, reload. */
final class RestartIT {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.named("restartit");

    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final RestReply RESTARTED = new RestReply(200, "restarted successfully");

    @Test
    void thePrimaryIsRestartedUnderLoadAndStaysTheLeader() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        LabProcess before = primary.runningPostmaster();
        String timeline = Faults.timeline(cluster);
        String key = leaderKey(cluster);

        Observed.during(
                        cluster,
                        "primary restarted",
                        () -> assertThat(post(primary, "/restart", "{\"role\":\"primary\"}"))
                                .isEqualTo(RESTARTED),
                        LIMIT,
                        () -> cluster.isReady() && cluster.vipHolders().equals(Set.of(primary.name())))
                .isSafe();

        assertThat(before.isAlive()).isFalse();
        assertThat(Faults.timeline(cluster)).isEqualTo(timeline);
        assertThat(leaderKey(cluster)).as("the leader key and its lease").isEqualTo(key);
        assertThat(primary.get("/metrics").body()).containsPattern("pgha_guard_armed\\{[^}]*} 1\n");
        assertThat(primary.log()).contains("decision=RESTART");
    }

    @Test
    void aReplicaIsRestartedUnnoticed() {
        LabCluster cluster = RIG.cluster();
        LabNode replica = cluster.replicas().getFirst();
        LabProcess before = replica.runningPostmaster();

        Observed.during(
                        cluster,
                        "replica restarted",
                        () -> assertThat(post(replica, "/restart", "{\"timeout\":\"30s\"}"))
                                .isEqualTo(RESTARTED),
                        LIMIT,
                        cluster::isReady)
                .isSafe()
                .isUnnoticed();

        assertThat(before.isAlive()).isFalse();
    }

    @Test
    void aRestartUnderConditionsThatDoNotHoldLeavesPostgresAlone() {
        LabNode primary = RIG.cluster().awaitPrimary();
        LabProcess before = primary.runningPostmaster();

        for (String body :
                Set.of("{\"role\":\"replica\"}", "{\"restart_pending\":true}", "{\"postgres_version\":\"9.6.1\"}")) {
            assertThat(post(primary, "/restart", body))
                    .isEqualTo(new RestReply(503, "restart conditions are not satisfied"));
        }
        assertThat(primary.runningPostmaster()).isEqualTo(before);
    }

    @Test
    void aSettingThatWaitsForARestartGetsIt() {
        LabCluster cluster = RIG.cluster();
        LabNode replica = cluster.replicas().getFirst();
        replica.execute("ALTER SYSTEM SET old_snapshot_threshold = '7min'", "SELECT pg_reload_conf()");
        Patience.demand("the restart is pending", LIMIT, () -> replica.get("/patroni")
                .body()
                .contains("\"pending_restart\":true"));

        RestReply reply = post(replica, "/restart", "{\"restart_pending\":true,\"role\":\"replica\"}");

        assertThat(reply).isEqualTo(RESTARTED);
        assertThat(replica.sql("SHOW old_snapshot_threshold")).isEqualTo("7min");
        replica.execute("ALTER SYSTEM RESET old_snapshot_threshold");
    }

    @Test
    void aServerThatDoesNotStartSaysSoEverywhereAndComesBackOnceThatIsMended() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        LabNode replica = cluster.replicas().getFirst();
        replica.host()
                .exec("bash", "-c", "echo 'nonsense = on' >> " + LabNode.DATA + "/postgresql.auto.conf")
                .orThrow();
        try {
            RestReply reply = post(replica, "/restart", "{}");

            assertThat(reply.code()).as(reply.body()).isEqualTo(503);
            Patience.demand("others see it", LIMIT, () -> primary.get("/cluster")
                    .body()
                    .contains("\"state\":\"start failed\""));
            assertThat(replica.get("/patroni").body()).contains("\"state\":\"start failed\"");
            assertThat(replica.agentctl("why").orThrow()).contains("nonsense");
        } finally {
            replica.host()
                    .exec("sed", "-i", "/^nonsense/d", LabNode.DATA + "/postgresql.auto.conf")
                    .orThrow();
        }
        Patience.demand("it is back", LIMIT, cluster::isReady);
    }

    @Test
    void aReplicaIsClonedAnewAndItsOldDirectoryMovedAside() {
        LabCluster cluster = RIG.cluster();
        LabNode replica = cluster.replicas().getFirst();
        LabProcess before = replica.runningPostmaster();
        replica.host().exec("touch", LabNode.DATA + "/of-the-old-directory").orThrow();

        Observed.during(
                        cluster,
                        "replica cloned anew",
                        () -> assertThat(post(replica, "/reinitialize", "{\"from_leader\":true}"))
                                .isEqualTo(new RestReply(200, "reinitialize started")),
                        LIMIT,
                        () -> !before.isAlive() && cluster.isReady() && !hasOldDirectory(replica))
                .isSafe()
                .isUnnoticed();

        assertThat(replica.host()
                        .exec("bash", "-c", "ls -d " + LabNode.DATA + "*/of-the-old-directory")
                        .orThrow()
                        .lines())
                .as("the old directory, aside")
                .hasSize(1);
        assertThat(replica.log()).contains("decision=REINITIALIZE");
    }

    @Test
    void theLeaderIsNotClonedAnew() {
        LabNode primary = RIG.cluster().awaitPrimary();

        assertThat(post(primary, "/reinitialize", "{}"))
                .isEqualTo(new RestReply(503, "I am the leader, can not reinitialize"));
    }

    @Test
    void theFileIsReadAgainWhenOrdered() {
        LabNode replica = RIG.cluster().replicas().getFirst();
        String file = replica.configuration();
        replica.configure(file + "\ntags: {flavour: mint}\n");

        RestReply reply = post(replica, "/reload", "");

        assertThat(reply).isEqualTo(new RestReply(202, "reload scheduled"));
        Patience.demand(
                "the tag is there", LIMIT, () -> replica.get("/patroni").body().contains("\"flavour\":\"mint\""));
        replica.configure(file);
        post(replica, "/reload", "");
    }

    private static boolean hasOldDirectory(LabNode node) {
        return node.host()
                .exec("test", "-e", LabNode.DATA + "/of-the-old-directory")
                .succeeded();
    }

    private static String leaderKey(LabCluster cluster) {
        return cluster.etcd()
                .etcdctl("get", "/service/restartit/leader", "-w", "fields")
                .orThrow()
                .lines()
                .filter(line -> line.contains("CreateRevision") || line.contains("Lease"))
                .toList()
                .toString();
    }

    private static RestReply post(LabNode node, String path, String body) {
        return node.request("POST", path, body);
    }
}
