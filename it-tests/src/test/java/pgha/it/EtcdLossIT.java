package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.Command;
import pgha.lab.LabException;
import pgha.lab.LabProcess;
import pgha.lab.Patience;
import pgha.lab.cluster.EtcdOperator;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabEtcd;
import pgha.lab.cluster.LabNode;

/** Members of the store, all of it, or the way to it are lost and come back. With ttl 15: 10.5 s of silence end a primary. */
final class EtcdLossIT {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.named("etcdlossit", options -> options.withTtl(15));

    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final Duration MINUTE = Duration.ofSeconds(60);

    @AfterEach
    void bringEtcdBack() {
        LabCluster cluster = RIG.cluster();
        cluster.lab().heal();
        LabEtcd etcd = cluster.etcd();
        etcd.members().stream().filter(member -> etcd.process(member).isEmpty()).forEach(etcd::start);
    }

    @Test
    void membersThatAreLostOneAfterTheOtherAreNotNoticed() {
        LabCluster cluster = RIG.cluster();
        LabEtcd etcd = cluster.etcd();
        EtcdOperator operator = new EtcdOperator(cluster);
        LabProcess postmaster = cluster.awaitPrimary().runningPostmaster();

        Observed.during(
                        cluster,
                        "etcd's leader killed and back, then every member removed, emptied and added again",
                        () -> {
                            operator.restart(etcd.leader());
                            for (String member : etcd.members()) {
                                operator.remove(member);
                                Faults.last(Duration.ofSeconds(2));
                                operator.add(member);
                            }
                        },
                        LIMIT,
                        cluster::isReady)
                .isSafe()
                .isUnnoticed();

        assertThat(cluster.awaitPrimary().runningPostmaster()).isEqualTo(postmaster);
    }

    @Test
    void twoMembersThatAreLostShortlyAreNotNoticedAndForLongerTheSamePrimaryGoesOn() {
        LabCluster cluster = RIG.cluster();
        LabEtcd etcd = cluster.etcd();
        LabNode primary = cluster.awaitPrimary();
        LabProcess postmaster = primary.runningPostmaster();
        String timeline = Faults.timeline(cluster);

        Observed.during(
                        cluster,
                        "two etcd members killed for an instant",
                        () -> loseTwo(etcd, () -> {}),
                        LIMIT,
                        cluster::isReady)
                .isSafe()
                .isUnnoticed();
        assertThat(primary.runningPostmaster()).isEqualTo(postmaster);

        Observed.during(
                        cluster,
                        "two etcd members killed until the primary is read-only",
                        () -> loseTwo(
                                etcd,
                                () -> Patience.demand("it is read-only", LIMIT, () -> answersInRecovery(primary))),
                        LIMIT,
                        cluster::isReady)
                .isSafe();
        assertThat(cluster.awaitPrimary().name()).isEqualTo(primary.name());
        assertThat(Faults.timeline(cluster)).isEqualTo(timeline);
    }

    @Test
    void aMinuteWithoutEtcdIsReadOnlyAndEveryAgentSaysSo() {
        LabCluster cluster = RIG.cluster();
        LabEtcd etcd = cluster.etcd();
        LabNode primary = cluster.awaitPrimary();
        List<LabProcess> replicas =
                cluster.replicas().stream().map(LabNode::runningPostmaster).toList();
        LabProcess postmaster = primary.runningPostmaster();
        String timeline = Faults.timeline(cluster);

        Observed.during(
                        cluster,
                        "all of etcd killed for a minute",
                        () -> {
                            long end = System.nanoTime() + MINUTE.toNanos();
                            etcd.members().forEach(etcd::kill);
                            Patience.demand("it is read-only", LIMIT, () -> answersInRecovery(primary));
                            assertThat(cluster.vipHolders()).isEmpty();
                            Patience.until(MINUTE, () -> System.nanoTime() - end > 0);
                            cluster.nodes().forEach(node -> saysThatTheStoreIsAway(node, primary));
                            etcd.members().forEach(etcd::start);
                        },
                        LIMIT,
                        cluster::isReady)
                .isSafe();

        assertThat(postmaster.isAlive())
                .as("a primary whose lease ends is stopped")
                .isFalse();
        assertThat(replicas).as("replicas only lose whom they follow").allMatch(LabProcess::isAlive);
        assertThat(cluster.awaitPrimary().name()).isEqualTo(primary.name());
        assertThat(Faults.timeline(cluster)).isEqualTo(timeline);
    }

    private static void saysThatTheStoreIsAway(LabNode node, LabNode formerPrimary) {
        assertThat(node.get("/primary").code()).isEqualTo(503);
        assertThat(node.get("/replica").code()).as("reads are served").isEqualTo(200);
        assertThat(node.get("/liveness").code()).isEqualTo(200);
        long lastSeen = node.get("/patroni").json().path("dcs_last_seen").asLong();
        assertThat(System.currentTimeMillis() / 1000 - lastSeen)
                .as("age of the view that /patroni tells")
                .isBetween(50L, 120L);
        JsonNode picture = node.get("/cluster").json();
        assertThat(picture.path("members")).hasSize(3);
        assertThat(picture.path("dcs_last_seen").asLong()).isEqualTo(lastSeen);
        Command.Result list = node.agentctl("list");
        assertThat(list.orThrow()).contains(formerPrimary.name());
        assertThat(list.err()).contains("this is what the agent of this host last saw, ");
        String why = node.agentctl("why").orThrow();
        assertThat(why).contains("does not answer; last seen ").contains("; last cause: ");
    }

    @Test
    void aPrimaryWhosePacketsToEtcdAreLostIsReplaced() {
        oneWayLoss("what the primary sends to etcd", (cluster, name) -> cluster.etcd()
                .members()
                .forEach(member -> cluster.lab().cutOneWay(name, member)));
    }

    @Test
    void aPrimaryThatHearsNothingFromEtcdIsReplaced() {
        oneWayLoss("what etcd sends to the primary", (cluster, name) -> cluster.etcd()
                .members()
                .forEach(member -> cluster.lab().cutOneWay(member, name)));
    }

    /** How one node is cut off from the store. */
    private interface Cut {
        void apply(LabCluster cluster, String name);
    }

    /** It still reaches its replicas, so that it stops in order and none of its commits is lost. */
    private static void oneWayLoss(String what, Cut cut) {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();

        Observed.during(
                        cluster,
                        what + " is lost",
                        () -> cut.apply(cluster, primary.name()),
                        LIMIT,
                        () -> Faults.movedFrom(cluster, primary))
                .isSafe();

        assertThat(primary.agentctl("why").orThrow()).contains("does not answer; last seen ");
        cluster.lab().heal();
        cluster.awaitReady();
        assertThat(cluster.awaitPrimary().name()).isNotEqualTo(primary.name());
    }

    @Test
    void whatWasCompactedWhileNobodyWatchedIsReadAnew() {
        LabCluster cluster = RIG.cluster();
        LabEtcd etcd = cluster.etcd();
        LabProcess postmaster = cluster.awaitPrimary().runningPostmaster();

        Observed.during(
                        cluster,
                        "compaction while every agent is cut off for 3 s",
                        () -> {
                            cutEveryNode(cluster);
                            long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
                            etcd.etcdctl("put", "/service/etcdlossit/elsewhere", "1")
                                    .orThrow();
                            etcd.etcdctl("del", "/service/etcdlossit/elsewhere").orThrow();
                            new EtcdOperator(cluster).compact();
                            Patience.until(LIMIT, () -> System.nanoTime() - end > 0);
                            cluster.lab().heal();
                        },
                        LIMIT,
                        () -> cluster.isReady() && cluster.nodes().stream().allMatch(EtcdLossIT::seesTheStore))
                .isSafe()
                .isUnnoticed();

        assertThat(cluster.awaitPrimary().runningPostmaster()).isEqualTo(postmaster);
    }

    private static void cutEveryNode(LabCluster cluster) {
        for (LabNode node : cluster.nodes()) {
            cluster.etcd().members().forEach(member -> cluster.lab().cut(node.name(), member));
        }
    }

    private static boolean seesTheStore(LabNode node) {
        return node.get("/why").json().path("link_up").asBoolean();
    }

    private static void loseTwo(LabEtcd etcd, Runnable meanwhile) {
        List<String> two = etcd.members().subList(0, 2);
        two.forEach(etcd::kill);
        meanwhile.run();
        two.forEach(etcd::start);
    }

    private static boolean answersInRecovery(LabNode node) {
        try {
            return node.sql("SELECT pg_is_in_recovery()").equals("t");
        } catch (LabException e) {
            return false;
        }
    }
}
