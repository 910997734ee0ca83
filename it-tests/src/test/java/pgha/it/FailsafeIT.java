package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.LabProcess;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.cluster.RestReply;

/** {@code failsafe_mode}: the store is away or out of the primary's reach, and all members, or not all, let it go on. */
final class FailsafeIT {
    @RegisterExtension
    static final ClusterRig RIG =
            ClusterRig.named("failsafeit", options -> options.withSetting("failsafe_mode", "true"));

    private static final String MAP = "/service/failsafeit/failsafe";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @AfterEach
    void wakeEtcd() {
        RIG.cluster().etcd().goOn();
    }

    @Test
    void whileAllMembersAnswerThePrimaryServesAsLongAsEtcdIsAway() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = awaitMapOfAll(cluster);
        LabProcess postmaster = primary.runningPostmaster();
        String timeline = Faults.timeline(cluster);

        Observed.during(
                        cluster,
                        "etcd stopped for a minute, failsafe mode",
                        () -> {
                            cluster.etcd().stop();
                            Faults.last(Duration.ofSeconds(30));
                            assertThat(why(primary)).isEqualTo("SERVE_FAILSAFE");
                            assertThat(primary.get("/patroni")
                                            .json()
                                            .path("failsafe_mode_is_active")
                                            .asBoolean())
                                    .isTrue();
                            Faults.last(Duration.ofSeconds(30));
                            cluster.etcd().goOn();
                        },
                        LIMIT,
                        () -> cluster.isReady() && why(primary).equals("SERVE"))
                .isSafe()
                .isUnnoticed();

        assertThat(primary.runningPostmaster()).isEqualTo(postmaster);
        assertThat(Faults.timeline(cluster)).isEqualTo(timeline);
    }

    @Test
    void aPrimaryThatAloneCannotReachEtcdGoesOnAndTakesItsKeyBack() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = awaitMapOfAll(cluster);
        String timeline = Faults.timeline(cluster);

        Observed.during(
                        cluster,
                        "the primary cut off from etcd alone, failsafe mode",
                        () -> {
                            cluster.lab().options().stores().forEach(store -> cluster.lab()
                                    .cut(primary.name(), store));
                            Patience.demand("the store has no leader", LIMIT, () -> cluster.etcd()
                                    .get("/service/failsafeit/leader")
                                    .isEmpty());
                            Faults.last(Duration.ofSeconds(10));
                            assertThat(why(replica(cluster, primary))).isEqualTo("FOLLOW_FAILSAFE");
                            cluster.lab().heal();
                        },
                        LIMIT,
                        () -> cluster.isReady() && why(primary).equals("SERVE"))
                .isSafe()
                .isUnnoticed();

        assertThat(cluster.awaitPrimary().name()).isEqualTo(primary.name());
        assertThat(Faults.timeline(cluster)).isEqualTo(timeline);
    }

    @Test
    void withOneMemberSilentThePrimaryStepsDownAndSaysWhy() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = awaitMapOfAll(cluster);
        LabNode silent = replica(cluster, primary);
        String timeline = Faults.timeline(cluster);

        Observed.during(
                        cluster,
                        "etcd stopped and one agent with it, failsafe mode",
                        () -> {
                            silent.signalAgent(Signal.STOP);
                            cluster.etcd().stop();
                            Patience.demand("the primary has stepped down", LIMIT, () -> cluster.vipHolders()
                                    .isEmpty());
                            assertThat(primary.log()).contains("decision=DEMOTE_FAILSAFE");
                            cluster.etcd().goOn();
                            silent.signalAgent(Signal.CONT);
                        },
                        LIMIT,
                        () -> Faults.isServed(cluster) && cluster.isReady())
                .isSafe();

        assertThat(cluster.awaitPrimary().name()).isEqualTo(primary.name());
        assertThat(Faults.timeline(cluster)).isEqualTo(timeline);
    }

    @Test
    void aPrimaryThatLeadsLetsNobodyElseLeadAndABadBodyIsSaidToBeOne() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = awaitMapOfAll(cluster);
        LabNode replica = replica(cluster, primary);
        String asks = "{\"name\": \"%s\", \"conn_url\": \"\", \"api_url\": \"\", \"slots\": {}}";

        RestReply toThePrimary = primary.request("POST", "/failsafe", asks.formatted(replica.name()));
        assertThat(Map.entry(toThePrimary.code(), toThePrimary.body()))
                .isEqualTo(Map.entry(500, "Running as a leader"));
        RestReply elsewhere = replica.request("POST", "/failsafe", asks.formatted("somebody-else"));
        assertThat(Map.entry(elsewhere.code(), elsewhere.body())).isEqualTo(Map.entry(500, primary.name() + " leads"));
        RestReply nameless = replica.request("POST", "/failsafe", "{\"slots\": {}}");
        assertThat(Map.entry(nameless.code(), nameless.body()))
                .isEqualTo(Map.entry(400, "cannot read the body: \"name\" is missing or not a string"));
    }

    private static LabNode awaitMapOfAll(LabCluster cluster) {
        Patience.demand("all members are in the map", LIMIT, () -> cluster.nodes().stream()
                .allMatch(node -> cluster.etcd()
                        .get(MAP)
                        .filter(map -> map.contains(node.name()))
                        .isPresent()));
        return cluster.awaitPrimary();
    }

    private static LabNode replica(LabCluster cluster, LabNode primary) {
        return cluster.nodes().stream()
                .filter(node -> !node.name().equals(primary.name()))
                .findFirst()
                .orElseThrow();
    }

    private static String why(LabNode node) {
        return node.get("/why").json().path("decision").asText();
    }
}
