package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.LabException;
import pgha.lab.Patience;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.cluster.RestReply;

/** {@code synchronous_mode}: what is acknowledged is on the standby that the store names, and that one leads next. */
final class SynchronousModeIT {
    private enum Mode {
        OFF,
        ON,
        STRICT,
        QUORUM
    }

    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.named("syncit");

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void switchedOnUnderLoadItNamesAStandbyAndSwitchedOffItForgetsIt() {
        LabCluster cluster = RIG.cluster();
        set(cluster, Mode.OFF);

        Observed.during(cluster, "synchronous mode switched on", () -> set(cluster, Mode.ON), LIMIT, () -> standby(
                                cluster)
                        .isPresent())
                .isSafe()
                .isUnnoticed();

        LabNode primary = cluster.awaitPrimary();
        LabNode standby = cluster.node(standby(cluster).orElseThrow());
        assertThat(primary.sql("SELECT application_name FROM pg_stat_replication WHERE sync_state = 'sync'"))
                .isEqualTo(standby.name());
        Patience.demand("the standby says that it is one", LIMIT, () -> code(standby, "/synchronous") == 200);
        assertThat(code(standby, "/asynchronous")).isEqualTo(503);
        assertThat(standby.get("/patroni").json().path("sync_standby").asBoolean())
                .isTrue();
        assertThat(primary.agentctl("list").orThrow()).contains("Sync Standby");

        Observed.during(
                        cluster,
                        "synchronous mode switched off",
                        () -> set(cluster, Mode.OFF),
                        LIMIT,
                        () -> sync(cluster).isMissingNode() && names(primary).isEmpty())
                .isSafe()
                .isUnnoticed();
    }

    @Test
    void aPrimaryThatIsLostLosesNothing() {
        LabCluster cluster = RIG.cluster();
        set(cluster, Mode.ON);
        String standby = awaitStandby(cluster);
        LabNode primary = cluster.awaitPrimary();

        Observed.during(
                        cluster,
                        "power loss of a synchronous primary",
                        () -> primary.host().powerLoss(),
                        LIMIT,
                        () -> Faults.movedFrom(cluster, primary))
                .isSafe();

        assertThat(cluster.vipHolders()).containsExactly(standby);
    }

    @Test
    void aSwitchoverGoesToTheStandby() {
        LabCluster cluster = RIG.cluster();
        set(cluster, Mode.ON);
        String standby = awaitStandby(cluster);
        LabNode primary = cluster.awaitPrimary();

        Observed.during(
                        cluster,
                        "switchover of a synchronous primary",
                        () -> Faults.switchover(cluster, primary.name(), standby),
                        LIMIT,
                        () -> cluster.isReady() && standby(cluster).isPresent())
                .isSafe();

        assertThat(cluster.awaitPrimary().name()).isEqualTo(standby);
    }

    @Test
    void withoutItsStandbyItTakesTheOtherAndWithoutAnyItGoesOnAlone() {
        LabCluster cluster = RIG.cluster();
        set(cluster, Mode.ON);
        String first = awaitStandby(cluster);

        Observed.during(
                        cluster,
                        "power loss of the synchronous standby",
                        () -> cluster.node(first).host().powerLoss(),
                        LIMIT,
                        () -> standby(cluster)
                                .filter(name -> !name.equals(first))
                                .isPresent())
                .isSafe();
        String second = standby(cluster).orElseThrow();
        Observed.during(
                        cluster,
                        "power loss of the last standby",
                        () -> cluster.node(second).host().powerLoss(),
                        LIMIT,
                        () -> standby(cluster).isEmpty() && Faults.isServed(cluster))
                .isSafe();
    }

    @Test
    void inStrictModeCommitsWaitForAStandby() {
        LabCluster cluster = RIG.cluster();
        set(cluster, Mode.STRICT);
        awaitStandby(cluster);
        LabNode primary = cluster.awaitPrimary();

        Observed.during(
                        cluster,
                        "no standby at all, in strict mode",
                        () -> {
                            cluster.replicas().forEach(replica -> replica.host().powerLoss());
                            Patience.demand("commits wait", LIMIT, () -> waits(primary));
                            cluster.lab().restore();
                            cluster.nodes().stream()
                                    .filter(node -> node.agent().isEmpty())
                                    .forEach(LabNode::startAgent);
                        },
                        LIMIT,
                        () -> cluster.isReady() && standby(cluster).isPresent())
                .isSafe();

        assertThat(cluster.awaitPrimary().name()).isEqualTo(primary.name());
        set(cluster, Mode.OFF);
    }

    /** What it confirmed before is not counted on until it streams again: the store leaves it out in between. */
    @Test
    void inStrictModeTheOnlyStandbyIsMadeAnew() {
        LabCluster cluster = RIG.cluster();
        set(cluster, Mode.STRICT);
        LabNode standby = cluster.node(awaitStandby(cluster));
        cluster.replicas().stream().filter(replica -> replica != standby).forEach(replica -> replica.host()
                .powerLoss());

        Observed.during(
                        cluster,
                        "the only synchronous standby cloned anew, in strict mode",
                        () -> standby.request("POST", "/reinitialize", "{}"),
                        LIMIT,
                        () -> standby(cluster).filter(standby.name()::equals).isPresent() && isAccepted(standby))
                .isSafe();

        assertThat(standby.log()).contains("AcceptCopy");
        set(cluster, Mode.OFF);
    }

    private static boolean isAccepted(LabNode node) {
        return node.get("/patroni").json().path("tags").path("fresh_copy").isMissingNode();
    }

    @Test
    void withAQuorumAnyOfThemConfirmsAndWhoHasMostLeadsNext() {
        LabCluster cluster = RIG.cluster();
        set(cluster, Mode.QUORUM);
        Patience.demand("both others are named, and one may lack a commit", LIMIT, () -> isQuorumOfTwo(cluster));
        LabNode primary = cluster.awaitPrimary();
        Patience.demand("its PostgreSQL waits for any of them", LIMIT, () -> names(primary)
                .startsWith("ANY 1 ("));
        for (LabNode replica : cluster.replicas()) {
            Patience.demand("it says that it is one of them", LIMIT, () -> code(replica, "/quorum") == 200);
            assertThat(code(replica, "/synchronous")).isEqualTo(503);
        }
        assertThat(primary.agentctl("list").orThrow()).contains("Quorum Standby");

        Observed.during(
                        cluster,
                        "power loss of a primary with a quorum",
                        () -> primary.host().powerLoss(),
                        LIMIT,
                        () -> Faults.movedFrom(cluster, primary))
                .isSafe();
    }

    @Test
    void withAQuorumAStandbyThatIsLostHoldsNobodyUp() {
        LabCluster cluster = RIG.cluster();
        set(cluster, Mode.QUORUM);
        Patience.demand("both others are named, and one may lack a commit", LIMIT, () -> isQuorumOfTwo(cluster));
        LabNode lost = cluster.replicas().getFirst();

        Observed.during(
                        cluster,
                        "power loss of one of the voters",
                        () -> lost.host().powerLoss(),
                        LIMIT,
                        () -> standby(cluster)
                                .filter(names -> !names.contains(lost.name()))
                                .isPresent())
                .isSafe();
    }

    private static boolean isQuorumOfTwo(LabCluster cluster) {
        return sync(cluster).path("quorum").asInt() == 1
                && standby(cluster).filter(names -> names.contains(",")).isPresent();
    }

    private static void set(LabCluster cluster, Mode mode) {
        String word =
                switch (mode) {
                    case OFF -> "false";
                    case ON, STRICT -> "true";
                    case QUORUM -> "quorum";
                };
        String strict = mode == Mode.STRICT ? "true" : "false";
        cluster.awaitPrimary()
                .agentctl(
                        "edit-config",
                        "--force",
                        "-s",
                        "synchronous_mode=" + word,
                        "-s",
                        "synchronous_mode_strict=" + strict)
                .orThrow();
    }

    private static JsonNode sync(LabCluster cluster) {
        return cluster.etcd()
                .get("/service/syncit/sync")
                .map(value -> new RestReply(200, value).json())
                .orElseGet(MissingNode::getInstance);
    }

    private static Optional<String> standby(LabCluster cluster) {
        return Optional.of(sync(cluster).path("sync_standby").asText("")).filter(name -> !name.isEmpty());
    }

    private static String awaitStandby(LabCluster cluster) {
        Patience.demand("one standby is named", LIMIT, () -> standby(cluster)
                .filter(name -> !name.contains(","))
                .isPresent());
        return standby(cluster).orElseThrow();
    }

    private static String names(LabNode primary) {
        return primary.sql("SHOW synchronous_standby_names");
    }

    private static boolean waits(LabNode primary) {
        try {
            return !primary.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
                    .equals("0");
        } catch (LabException e) {
            return false;
        }
    }

    private static int code(LabNode node, String path) {
        return node.get(path).code();
    }
}
