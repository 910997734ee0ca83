package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.LabException;
import pgha.lab.LabProcess;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabEtcd;
import pgha.lab.cluster.LabNode;

/** The store is silent, away, wiped or full of nonsense. With ttl 10: a primary steps down after 6.5 s of silence. */
final class EtcdOutageIT {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.named("etcdoutageit", options -> options.withTtl(10));

    private static final String PREFIX = "/service/etcdoutageit/";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @AfterEach
    void wakeEtcd() {
        RIG.cluster().etcd().goOn();
    }

    @Test
    void aShortSilenceIsOnlyAWarning() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        LabProcess postmaster = primary.runningPostmaster();
        String timeline = Faults.timeline(cluster);
        int logged = primary.log().length();

        Observed.during(
                        cluster,
                        "etcd silent for 3 s",
                        () -> silence(cluster.etcd(), Duration.ofSeconds(3)),
                        LIMIT,
                        cluster::isReady)
                .isSafe()
                .isUnnoticed();

        assertThat(primary.runningPostmaster()).isEqualTo(postmaster);
        assertThat(Faults.timeline(cluster)).isEqualTo(timeline);
        assertThat(primary.log().substring(logged)).contains(" WARNING: ").doesNotContain(" ERROR: ");
    }

    @Test
    void afterALongerSilenceTheSameNodeGoesOnOnTheSameTimeline() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        String timeline = Faults.timeline(cluster);

        Observed.during(
                        cluster,
                        "etcd silent until the primary is read-only",
                        () -> {
                            cluster.etcd().stop();
                            Patience.demand("the old primary is read-only", LIMIT, () -> isReadOnly(primary));
                            cluster.etcd().goOn();
                        },
                        LIMIT,
                        () -> Faults.isServed(cluster) && cluster.isReady())
                .isSafe();

        assertThat(cluster.awaitPrimary().name()).isEqualTo(primary.name());
        assertThat(Faults.timeline(cluster)).isEqualTo(timeline);
    }

    @Test
    void theLossOfEtcdsLeaderIsNotNoticed() {
        LabCluster cluster = RIG.cluster();
        String timeline = Faults.timeline(cluster);
        String leader = cluster.etcd().leader();

        Observed.during(cluster, "etcd's leader killed", () -> cluster.etcd().kill(leader), LIMIT, () -> {
                    cluster.etcd().awaitHealthy();
                    return cluster.isReady();
                })
                .isSafe()
                .isUnnoticed();

        assertThat(Faults.timeline(cluster)).isEqualTo(timeline);
    }

    @Test
    void aSilentMemberIsNotNoticed() {
        LabCluster cluster = RIG.cluster();
        String timeline = Faults.timeline(cluster);
        String leader = cluster.etcd().leader();
        String other = cluster.etcd().members().stream()
                .filter(member -> !member.equals(leader))
                .findFirst()
                .orElseThrow();

        Observed.during(
                        cluster,
                        "one etcd member silent",
                        () -> {
                            cluster.etcd().signal(other, Signal.STOP);
                            Faults.last(Duration.ofSeconds(12));
                            cluster.etcd().signal(other, Signal.CONT);
                        },
                        LIMIT,
                        cluster::isReady)
                .isSafe()
                .isUnnoticed();

        assertThat(Faults.timeline(cluster)).isEqualTo(timeline);
    }

    @Test
    void aWipedScopeIsWrittenAgainWithoutANewTimeline() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        String timeline = Faults.timeline(cluster);

        Observed.during(
                        cluster,
                        "scope wiped",
                        () -> {
                            cluster.etcd().etcdctl("del", "--prefix", PREFIX).orThrow();
                            Patience.demand("all keys are back", Duration.ofSeconds(2), () -> keysAreBack(cluster));
                        },
                        LIMIT,
                        cluster::isReady)
                .isSafe();

        assertThat(cluster.awaitPrimary().name()).isEqualTo(primary.name());
        assertThat(Faults.timeline(cluster)).isEqualTo(timeline);
    }

    @Test
    void nonsenseInTheSettingsLeavesTheLastGoodOnesAndOneWarning() {
        LabCluster cluster = RIG.cluster();
        String good = cluster.etcd().get(PREFIX + "config").orElseThrow();
        LabNode primary = cluster.awaitPrimary();
        int logged = primary.log().length();

        Observed.during(
                        cluster,
                        "nonsense in /config",
                        () -> {
                            cluster.etcd()
                                    .etcdctl("put", PREFIX + "config", "{\"ttl\": ")
                                    .orThrow();
                            Faults.last(Duration.ofSeconds(3));
                            cluster.etcd()
                                    .etcdctl("put", PREFIX + "config", good)
                                    .orThrow();
                        },
                        LIMIT,
                        cluster::isReady)
                .isSafe()
                .isUnnoticed();

        assertThat(primary.log()
                        .substring(logged)
                        .lines()
                        .filter(line -> line.contains(" WARNING: "))
                        .filter(line -> line.contains("config")))
                .hasSize(1);
    }

    @Test
    void nonsenseInTheLeaderKeyIsSomebodyElse() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();

        Observed.during(
                        cluster,
                        "nonsense in /leader",
                        () -> {
                            cluster.etcd()
                                    .etcdctl("put", PREFIX + "leader", "{!}")
                                    .orThrow();
                            Patience.demand(
                                    "the primary stepped down",
                                    LIMIT,
                                    () -> !Faults.leads(primary)
                                            && cluster.vipHolders().isEmpty());
                            cluster.etcd().etcdctl("del", PREFIX + "leader").orThrow();
                        },
                        LIMIT,
                        cluster::isReady)
                .isSafe();
    }

    private static void silence(LabEtcd etcd, Duration time) {
        etcd.stop();
        Faults.last(time);
        etcd.goOn();
    }

    private static boolean isReadOnly(LabNode node) {
        try {
            return node.sql("SELECT pg_is_in_recovery()").equals("t");
        } catch (LabException e) {
            return false;
        }
    }

    private static boolean keysAreBack(LabCluster cluster) {
        Set<String> keys = Set.copyOf(cluster.etcd()
                .etcdctl("get", "--prefix", "--keys-only", PREFIX)
                .orThrow()
                .lines()
                .toList());
        return keys.containsAll(List.of(
                PREFIX + "config",
                PREFIX + "initialize",
                PREFIX + "leader",
                PREFIX + "status",
                PREFIX + "members/pg-1",
                PREFIX + "members/pg-2",
                PREFIX + "members/pg-3"));
    }
}
