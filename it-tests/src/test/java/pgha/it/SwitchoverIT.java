package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.Command;
import pgha.lab.Signal;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.cluster.RestReply;

/** Planned changes of the primary, as ordered by agentctl and by REST. */
final class SwitchoverIT {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.named("switchoverit");

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void tenTimesBackAndForth() {
        LabCluster cluster = RIG.cluster();
        for (int round = 1; round <= 10; round++) {
            String from = cluster.awaitPrimary().name();
            String to = cluster.replicas().getFirst().name();
            boolean named = round % 2 == 1;
            Observed.during(
                            cluster,
                            "switchover " + round + (named ? " to " + to : " to whoever is best"),
                            () -> switchover(cluster.node(from), from, named ? to : ""),
                            LIMIT,
                            () -> cluster.isReady() && !cluster.vipHolders().equals(Set.of(from)))
                    .isSafe();
            if (named) {
                assertThat(cluster.awaitPrimary().name()).isEqualTo(to);
            }
        }
    }

    @Test
    void agentctlSaysWhoLeads() {
        LabCluster cluster = RIG.cluster();
        String from = cluster.awaitPrimary().name();
        String to = cluster.replicas().getLast().name();

        Command.Result result = cluster.node(to).agentctl("switchover", "--leader", from, "--candidate", to, "--force");

        assertThat(result.orThrow()).contains("Successfully switched over to \"" + to + "\"");
        assertThat(cluster.awaitPrimary().name()).isEqualTo(to);
    }

    @Test
    void whatCannotBeDoneIsRefusedInPatronisWords() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        String leader = primary.name();
        String replica = cluster.replicas().getFirst().name();

        assertThat(post(primary, "/switchover", "{\"leader\":\"%s\"}".formatted(replica)))
                .isEqualTo(new RestReply(412, "leader name does not match"));
        assertThat(post(primary, "/switchover", "{\"leader\":\"%s\",\"candidate\":\"pg-9\"}".formatted(leader)))
                .isEqualTo(new RestReply(412, "candidate does not exists"));
        assertThat(post(primary, "/switchover", "{\"leader\":\"%1$s\",\"candidate\":\"%1$s\"}".formatted(leader)))
                .isEqualTo(new RestReply(400, "Switchover target and source are the same"));
        assertThat(post(primary, "/switchover", "{\"candidate\":\"%s\"}".formatted(replica)))
                .isEqualTo(new RestReply(400, "Switchover could be performed only from a specific leader"));
        assertThat(post(primary, "/failover", "{\"candidate\":\"\"}"))
                .isEqualTo(new RestReply(400, "Failover could be performed only to a specific candidate"));
        assertThat(cluster.awaitPrimary().name()).isEqualTo(leader);
    }

    @Test
    void aCandidateThatDoesNotAnswerIsNoCandidate() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        LabNode replica = cluster.replicas().getFirst();
        replica.signalAgent(Signal.STOP);

        RestReply reply = post(
                primary,
                "/switchover",
                "{\"leader\":\"%s\",\"candidate\":\"%s\"}".formatted(primary.name(), replica.name()));

        assertThat(reply)
                .isEqualTo(new RestReply(412, "switchover is not possible: no good candidates have been found"));
        assertThat(cluster.awaitPrimary().name()).isEqualTo(primary.name());
    }

    @Test
    void restSwitchesOverToo() {
        LabCluster cluster = RIG.cluster();
        String from = cluster.awaitPrimary().name();
        String to = cluster.replicas().getFirst().name();

        RestReply reply =
                post(cluster.node(to), "/switchover", "{\"leader\":\"%s\",\"candidate\":\"%s\"}".formatted(from, to));

        assertThat(reply).isEqualTo(new RestReply(200, "Successfully switched over to \"" + to + "\""));
    }

    private static void switchover(LabNode node, String from, String to) {
        Command.Result result = to.isEmpty()
                ? node.agentctl("switchover", "--leader", from, "--force")
                : node.agentctl("switchover", "--leader", from, "--candidate", to, "--force");
        result.orThrow();
    }

    private static RestReply post(LabNode node, String path, String body) {
        return node.request("POST", path, body);
    }
}
