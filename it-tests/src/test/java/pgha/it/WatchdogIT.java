package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import pgha.lab.LabProcess;
import pgha.lab.Launch;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;

/** Nodes that require a watchdog, with a pipe in its place and somebody who notes down what comes out of it. */
final class WatchdogIT {
    private static final String PIPE = "/run/watchdog";
    private static final String HEARD = "/run/watchdog.heard";
    private static final String SECTION = """
            watchdog: {mode: required, device: %s, driver: testing, safety_margin: 2}
            """.formatted(PIPE);
    /** The lease of 5 s less the margin. */
    private static final String BEGUN = "Ctimeout=3\n1";

    private static final Duration LIMIT = Duration.ofSeconds(40);

    private static LabCluster cluster;

    @BeforeAll
    static void startCluster() {
        cluster = ClusterRig.create("watchdogit", options -> options);
        for (LabNode node : cluster.nodes()) {
            makeWatchdog(node);
            node.configure(node.configuration() + "\n" + SECTION);
        }
        cluster.startAgents();
        cluster.awaitReady();
    }

    @AfterAll
    static void endCluster() {
        cluster.close();
    }

    /** One story, since each step is the state that the next begins with. */
    @Test
    void onlyAPrimaryUnderAGoodTermFeedsItsWatchdog() {
        LabNode first = cluster.awaitPrimary();
        List<LabNode> replicas = cluster.replicas();
        assertThat(heard(first)).startsWith(BEGUN);
        assertThat(replicas).allSatisfy(replica -> assertThat(heard(replica)).isEmpty());

        LabNode second = replicas.getFirst();
        Faults.switchover(cluster, first.name(), second.name());
        Patience.demand("the old one is let go", LIMIT, () -> heard(first).endsWith("V"));
        Patience.demand("the new one is fed", LIMIT, () -> heard(second).startsWith(BEGUN));

        detachAndReturn(second);
        assertThat(heard(second)).matches("Ctimeout=3\n1+Ctimeout=3\n1+");

        stopForLongerThanTheLease(second);
        Patience.demand(
                "it ends once its agent goes on", LIMIT, () -> heard(second).endsWith("V"));
        cluster.awaitReady();

        loseWatchdogOfAReplica();
        loseWatchdogOfThePrimary();
    }

    private static void detachAndReturn(LabNode node) {
        LabProcess agent = node.runningAgent();
        node.agentctl("detach").orThrow();
        agent.awaitExit(LIMIT);
        node.startAgent();
        Patience.demand("the next agent feeds it", LIMIT, () -> heard(node).lastIndexOf(BEGUN) > 0);
        Patience.demand("it leads again", LIMIT, () -> Faults.leads(node));
    }

    /** A device would reset the host now. */
    private static void stopForLongerThanTheLease(LabNode node) {
        node.signalAgent(Signal.STOP);
        String last = heard(node);
        Patience.demand("another leads", LIMIT, () -> Faults.movedFrom(cluster, node));
        assertThat(heard(node)).isEqualTo(last);
        node.signalAgent(Signal.CONT);
    }

    private static void loseWatchdogOfAReplica() {
        LabNode primary = cluster.awaitPrimary();
        LabNode replica = cluster.replicas().getLast();
        removeWatchdog(replica);
        Patience.demand(
                "it says so", LIMIT, () -> replica.get("/patroni").body().contains("\"watchdog_failed\":true"));

        String body = "{\"leader\":\"%s\",\"candidate\":\"%s\"}".formatted(primary.name(), replica.name());
        assertThat(primary.request("POST", "/switchover", body).body())
                .isEqualTo("switchover is not possible: no good candidates have been found");

        makeWatchdog(replica);
        Patience.demand(
                "it is fit again", LIMIT, () -> !replica.get("/patroni").body().contains("watchdog_failed"));
    }

    private static void loseWatchdogOfThePrimary() {
        LabNode primary = cluster.awaitPrimary();

        removeWatchdog(primary);

        Patience.demand("somebody else leads", LIMIT, () -> Faults.movedFrom(cluster, primary));
        assertThat(primary.log())
                .contains("the watchdog " + PIPE + " is required and cannot be written to decision=RESIGN");
    }

    private static String heard(LabNode node) {
        return node.host().read(HEARD).orElse("");
    }

    private static void makeWatchdog(LabNode node) {
        node.host()
                .exec("bash", "-c", "mkfifo -m 600 %1$s && chown postgres %1$s".formatted(PIPE))
                .orThrow();
        node.host()
                .start(
                        "watchdog",
                        Launch.as("root", "bash", "-c", "exec cat <>" + PIPE).withLog(HEARD));
    }

    private static void removeWatchdog(LabNode node) {
        node.host().process("watchdog").ifPresent(reader -> reader.signal(Signal.KILL));
        node.host().exec("rm", PIPE, HEARD).orThrow();
    }
}
