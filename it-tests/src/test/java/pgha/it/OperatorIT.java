package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.LabProcess;
import pgha.lab.Launch;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.cluster.RestReply;

/** Schedules, the operator's own programs, and what an operator does to a server behind the agent's back. */
final class OperatorIT {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.named("operatorit");

    private static final Duration LIMIT = Duration.ofSeconds(45);
    private static final String HOME = "/var/lib/postgresql/";
    private static final String SCRIPTS = """
            postgresql:
              callbacks:
                on_start: /var/lib/postgresql/told first
                on_stop: /var/lib/postgresql/told first
                on_restart: /var/lib/postgresql/told first
                on_role_change: /var/lib/postgresql/told first
                on_reload: /var/lib/postgresql/told first
              pre_promote: test ! -e /var/lib/postgresql/stay
              before_stop: touch /var/lib/postgresql/stopping
            """;

    /** The programs write down what they are told. */
    @BeforeEach
    void theOperatorHasPrograms() {
        for (LabNode node : RIG.cluster().nodes()) {
            if (!node.configuration().contains("callbacks:")) {
                shell(
                        node,
                        "printf '#!/bin/sh\\necho \"$*\" >> " + HOME + "was-told\\n' > " + HOME + "told; chmod 755 "
                                + HOME + "told");
                node.configure(node.configuration().replace("\npostgresql:\n", "\n" + SCRIPTS));
                node.signalAgent(Signal.HUP);
                Patience.demand(node.name() + " has called back for the reload", LIMIT, () -> wasTold(node)
                        .contains("first on_reload "));
            }
            shell(node, "rm -f " + HOME + "stay " + HOME + "stopping; : > " + HOME + "was-told");
        }
    }

    @Test
    void aSwitchoverWaitsForItsTimeAndCallbacksTellOfIt() {
        LabCluster cluster = RIG.cluster();
        String scope = cluster.lab().options().name();
        LabNode before = cluster.awaitPrimary();
        LabNode next = cluster.replicas().getFirst();

        schedule(before, next, "1 hour");
        assertThat(next.agentctl("list").orThrow())
                .contains("Switchover scheduled at: ")
                .contains("from: " + before.name())
                .contains("to: " + next.name());
        assertThat(before.agentctl("flush", scope, "switchover", "--force").orThrow())
                .contains("Success: scheduled switchover deleted");
        assertThat(next.get("/cluster").body()).doesNotContain("scheduled_switchover");

        schedule(before, next, "20 seconds");
        Observed.during(
                        cluster,
                        "scheduled switchover",
                        () -> {},
                        LIMIT,
                        () -> cluster.primary()
                                        .filter(node -> node.name().equals(next.name()))
                                        .isPresent()
                                && cluster.isReady())
                .isSafe();

        Patience.demand("the callbacks of the old primary were called", LIMIT, () -> wasTold(before)
                .equals("first on_stop primary %1$s\nfirst on_role_change replica %1$s\n".formatted(scope)));
        Patience.demand("the callback of the new primary was called", LIMIT, () -> wasTold(next)
                .equals("first on_role_change primary %s\n".formatted(scope)));
        assertThat(before.host().read(HOME + "stopping"))
                .as("before_stop has run")
                .isPresent();
        assertThat(next.log()).contains("decision=PRE_PROMOTE");
    }

    @Test
    void aRestartWaitsForItsTimeUnlessItIsTakenBack() {
        LabCluster cluster = RIG.cluster();
        String scope = cluster.lab().options().name();
        LabNode replica = cluster.replicas().getFirst();
        LabProcess before = replica.runningPostmaster();

        assertThat(replica.agentctl(
                                "restart", scope, replica.name(), "--force", "--scheduled", timeIn(replica, "1 hour"))
                        .orThrow())
                .contains("Success: restart scheduled on member " + replica.name());
        assertThat(restartIn(replica, "2 hours")).isEqualTo(new RestReply(409, "Another restart is already scheduled"));
        assertThat(restartIn(replica, "-1 hour")).isEqualTo(new RestReply(422, "Cannot schedule restart in the past"));
        Patience.demand(
                "the member's record says so",
                LIMIT,
                () -> cluster.awaitPrimary().agentctl("list").orThrow().contains("Scheduled restart"));
        assertThat(replica.agentctl("flush", scope, replica.name(), "restart", "--force")
                        .orThrow())
                .contains("Success: flush scheduled restart for member " + replica.name());

        assertThat(restartIn(replica, "8 seconds").body()).isEqualTo("Restart scheduled");
        assertThat(replica.get("/patroni").json().has("scheduled_restart")).isTrue();
        Patience.demand("it is restarted", LIMIT, () -> replica.postmaster()
                .filter(now -> !now.equals(before))
                .isPresent());
        Patience.demand("the callback was called", LIMIT, () -> wasTold(replica)
                .equals("first on_restart replica %s\n".formatted(scope)));
        Patience.demand("it streams", LIMIT, cluster::isReady);
        assertThat(replica.get("/patroni").json().has("scheduled_restart")).isFalse();
    }

    @Test
    void whoIsNotToBePromotedGivesTheKeyBack() {
        LabCluster cluster = RIG.cluster();
        LabNode before = cluster.awaitPrimary();
        LabNode refusing = cluster.replicas().getFirst();
        LabNode other = cluster.replicas().getLast();
        LabProcess itsServer = refusing.runningPostmaster();
        shell(refusing, "touch " + HOME + "stay");

        RestReply reply = before.request(
                "POST",
                "/switchover",
                "{\"leader\":\"%s\",\"candidate\":\"%s\"}".formatted(before.name(), refusing.name()));

        assertThat(reply.code()).as(reply.body()).isEqualTo(200);
        Patience.demand(
                "another leads",
                LIMIT,
                () -> cluster.isReady()
                        && cluster.primary()
                                .filter(node -> !node.name().equals(refusing.name()))
                                .isPresent());
        assertThat(refusing.log()).contains("cannot promote: pre_promote exited with 1");
        assertThat(refusing.runningPostmaster())
                .as("its server was not touched")
                .isEqualTo(itsServer);
        assertThat(other.isStreaming() || before.isStreaming()).isTrue();
    }

    /** Whoever wrote to it directly in between has lost that, as after any promotion behind a leader's back. */
    @Test
    void aReplicaThatIsPromotedByHandIsStoppedAndComesBack() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        LabNode replica = cluster.replicas().getFirst();

        byHand(replica, cluster, "promote");
        Patience.demand(
                "it is stopped, with its reason", LIMIT, () -> replica.log().contains("decision=DEMOTE_OTHER_LEADS"));
        Patience.demand("it follows the primary again", LIMIT, cluster::isReady);

        assertThat(cluster.awaitPrimary().name()).isEqualTo(primary.name());
    }

    @Test
    void aPrimaryThatIsMadeAReplicaByHandLeadsAgainOrAnotherDoes() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        String timeline = Faults.timeline(cluster);

        shell(primary, "touch " + LabNode.DATA + "/standby.signal");
        byHand(primary, cluster, "stop");

        Patience.demand("somebody leads and the others follow", LIMIT, cluster::isReady);
        assertThat(Integer.parseInt(Faults.timeline(cluster), 16)).isGreaterThan(Integer.parseInt(timeline, 16));
    }

    private static void schedule(LabNode leader, LabNode candidate, String in) {
        assertThat(leader.agentctl(
                                "switchover",
                                "--leader",
                                leader.name(),
                                "--candidate",
                                candidate.name(),
                                "--scheduled",
                                timeIn(leader, in),
                                "--force")
                        .orThrow())
                .contains("Switchover scheduled");
    }

    private static RestReply restartIn(LabNode node, String in) {
        return node.request("POST", "/restart", "{\"schedule\":\"%s\"}".formatted(timeIn(node, in)));
    }

    private static String timeIn(LabNode node, String in) {
        return node.host()
                .exec("date", "--iso-8601=seconds", "--date", in)
                .orThrow()
                .strip();
    }

    private static String wasTold(LabNode node) {
        return node.host().read(HOME + "was-told").orElse("");
    }

    private static void shell(LabNode node, String script) {
        node.host().exec(LIMIT, Launch.as("postgres", "sh", "-c", script)).orThrow();
    }

    /** Without waiting: the agent is faster than what pg_ctl would wait for. */
    private static void byHand(LabNode node, LabCluster cluster, String what) {
        node.host()
                .exec(LIMIT, Launch.as("postgres", cluster.postgresProgram("pg_ctl"), what, "-W", "-D", LabNode.DATA))
                .orThrow();
    }
}
