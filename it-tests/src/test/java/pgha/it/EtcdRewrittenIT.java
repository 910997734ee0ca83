package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.LabProcess;
import pgha.lab.Patience;
import pgha.lab.cluster.EtcdOperator;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;

/** The store forgets, goes back in time or says what nobody of the cluster has said. */
final class EtcdRewrittenIT {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.named("rewrittenit", options -> options.withTtl(10));

    private static final String LEADER = "/service/rewrittenit/leader";
    private static final Duration LIMIT = Duration.ofSeconds(40);

    @Test
    void aLeaderKeyThatIsDeletedIsTakenAgainByThePrimary() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        LabProcess postmaster = primary.runningPostmaster();

        Observed.during(
                        cluster,
                        "leader key deleted",
                        () -> {
                            cluster.etcd().etcdctl("del", LEADER).orThrow();
                            Patience.demand("the key is back", LIMIT, () -> cluster.etcd()
                                    .get(LEADER)
                                    .filter(primary.name()::equals)
                                    .isPresent());
                        },
                        LIMIT,
                        cluster::isReady)
                .isSafe();

        assertThat(cluster.awaitPrimary().runningPostmaster()).isEqualTo(postmaster);
    }

    @Test
    void aReplicaWhoseNameIsWrittenIntoTheLeaderKeyWaitsForThePrimaryToStop() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        LabNode replica = cluster.replicas().getFirst();

        Observed.during(
                        cluster,
                        "leader key overwritten with a replica's name",
                        () -> cluster.etcd()
                                .etcdctl("put", LEADER, replica.name())
                                .orThrow(),
                        LIMIT,
                        () -> Faults.movedFrom(cluster, primary) && cluster.isReady())
                .isSafe();

        assertThat(cluster.awaitPrimary().name()).isEqualTo(replica.name());
    }

    @Test
    void aNameThatNobodyHasEndsThePrimaryUntilSomebodyDeletesIt() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();

        Observed.during(
                        cluster,
                        "leader key overwritten with nonsense",
                        () -> {
                            cluster.etcd()
                                    .etcdctl("put", LEADER, "\u0001nonsense")
                                    .orThrow();
                            Patience.demand(
                                    "the primary stepped down",
                                    LIMIT,
                                    () -> !Faults.leads(primary)
                                            && cluster.vipHolders().isEmpty());
                            cluster.nodes().forEach(EtcdRewrittenIT::saysWhoLeads);
                            cluster.etcd().etcdctl("del", LEADER).orThrow();
                        },
                        LIMIT,
                        cluster::isReady)
                .isSafe();
    }

    /** Nobody can tell it from a member that is away, so an operator has to read the name. */
    private static void saysWhoLeads(LabNode node) {
        String why = node.agentctl("why").orThrow();
        assertThat(why).contains("nonsense");
    }

    @Test
    void aBackupOfThePresentPrimaryCostsNoCommit() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        EtcdOperator operator = new EtcdOperator(cluster);
        operator.backUp();

        Observed.during(
                        cluster,
                        "backup of etcd restored",
                        operator::restoreBackup,
                        LIMIT,
                        () -> cluster.isReady() && cluster.nodes().stream().allMatch(EtcdRewrittenIT::isSettled))
                .isSafe();

        assertThat(cluster.awaitPrimary().name()).isEqualTo(primary.name());
    }

    @Test
    void aBackupInWhichAnotherLedCostsNoCommit() {
        LabCluster cluster = RIG.cluster();
        LabNode former = cluster.awaitPrimary();
        LabNode later = cluster.replicas().getFirst();
        EtcdOperator operator = new EtcdOperator(cluster);
        operator.backUp();
        Faults.switchover(cluster, former.name(), later.name());
        cluster.awaitReady();
        assertThat(cluster.awaitPrimary().name()).isEqualTo(later.name());

        Observed.during(
                        cluster,
                        "backup of etcd restored in which another led",
                        operator::restoreBackup,
                        LIMIT,
                        () -> cluster.isReady() && cluster.nodes().stream().allMatch(EtcdRewrittenIT::isSettled))
                .isSafe();
    }

    private static boolean isSettled(LabNode node) {
        return node.get("/why").json().path("link_up").asBoolean();
    }
}
