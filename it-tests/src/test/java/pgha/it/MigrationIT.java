package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.LabException;
import pgha.lab.LabProcess;
import pgha.lab.Patience;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.workload.Verdict;

/** A live cluster of Patronis becomes one of agents and goes back, by the commands of {@code migrating-from-patroni.md}. */
final class MigrationIT {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.ofPatronis("migrationit");

    private static final Instructions PAGE = Instructions.of("migrating-from-patroni.md");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration REJOIN_LIMIT = Duration.ofMinutes(2);

    @Test
    void everyNodeChangesOverAndBackUnderLoad() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        List<LabNode> order = new ArrayList<>(cluster.replicas());
        order.add(primary);
        List<LabProcess> postmasters =
                order.stream().map(LabNode::runningPostmaster).toList();
        String timeline = Faults.timeline(cluster);

        order.forEach(node -> changeOver(cluster, node, "there", () -> there(cluster, node)));
        assertThat(order).allMatch(node -> node.agent().isPresent()).noneMatch(node -> node.patroni()
                .isPresent());
        order.forEach(node -> changeOver(cluster, node, "back", () -> back(cluster, node)));
        assertThat(order).allMatch(node -> node.patroni().isPresent()).noneMatch(node -> node.agent()
                .isPresent());

        assertThat(order.stream().map(LabNode::runningPostmaster).toList()).isEqualTo(postmasters);
        assertThat(Faults.timeline(cluster)).isEqualTo(timeline);
    }

    @Test
    void aMixedClusterGoesOnWhicheverKindLeads() {
        LabCluster cluster = RIG.cluster();
        LabNode patroni = cluster.awaitPrimary();
        LabNode agent = cluster.replicas().getFirst();
        LabNode third = cluster.replicas().getLast();
        there(cluster, agent);

        switchover(cluster, patroni, agent, LabNode::patronictl);
        switchover(cluster, agent, patroni, LabNode::agentctl);
        failover(cluster, patroni, agent, third);
        failover(cluster, agent, patroni, third);
    }

    private static void there(LabCluster cluster, LabNode node) {
        node.write(Operator.VIP_MANAGERS_FILE, """
                ip: %s
                netmask: 24
                interface: eth0
                trigger-key: /service/%s/leader
                trigger-value: %s
                dcs-type: etcd
                """.formatted(
                        cluster.lab().options().vip(), cluster.lab().options().name(), node.name()));
        Operator operator = new Operator(cluster);
        operator.run(node, PAGE.block("The agent's file", 1));
        operator.run(node, PAGE.block("There", 1));
    }

    private static void back(LabCluster cluster, LabNode node) {
        Operator operator = new Operator(cluster);
        operator.run(node, PAGE.block("Back", 1));
        if (Faults.leads(node)) {
            operator.run(node, PAGE.block("Back", 2));
        }
        operator.run(node, PAGE.block("Back", 3));
    }

    /** Nobody notices, whatever the node is: the outage that is printed is that of clients whose attempt failed. */
    private static void changeOver(LabCluster cluster, LabNode node, String way, Runnable action) {
        String role = Faults.leads(node) ? "the primary" : "replica";
        Observed observed = Observed.during(
                cluster, "%s: %s %s".formatted(way, role, node.name()), action, LIMIT, cluster::isReady);
        printOutage(observed);
        observed.isSafe().isUnnoticed();
        assertThat(observed.vipChanges()).as("places where the VIP was").hasSize(1);
        assertBothToolsShowAll(cluster);
    }

    private static void printOutage(Observed observed) {
        System.out.printf(
                "%s: client outage %d ms%n",
                observed.fault(), Verdict.outage(observed.attempts()).toMillis());
    }

    private static void assertBothToolsShowAll(LabCluster cluster) {
        new CtlChecks(cluster, LabNode::patronictl).listShowsEveryMember();
        new CtlChecks(cluster, LabNode::agentctl).listShowsEveryMember();
        for (LabNode node : cluster.nodes()) {
            assertThat(node.get("/cluster").json().path("members"))
                    .as("members by " + node.name())
                    .hasSize(3);
            assertThat(node.get("/patroni").json().has("pending_restart"))
                    .as(node.name() + " waits for a restart")
                    .isFalse();
        }
    }

    private static void switchover(LabCluster cluster, LabNode from, LabNode to, CtlChecks.Program program) {
        Observed observed = Observed.during(
                cluster,
                "mixed: switchover from %s to %s".formatted(spell(from), spell(to)),
                () -> program.run(to, "switchover", "--leader", from.name(), "--candidate", to.name(), "--force")
                        .orThrow(),
                LIMIT,
                () -> cluster.isReady() && Faults.movedFrom(cluster, from));
        printOutage(observed);
        if (kind(from) == Daemon.PATRONI) {
            System.out.printf(
                    "of it, the leader key was still %s's after its PostgreSQL had ended: %d ms%n",
                    from.name(), keyWasKept(from).toMillis());
        }
        observed.isSafe();
        assertThat(cluster.awaitPrimary().name()).isEqualTo(to.name());
    }

    /** How long a Patroni that was asked to step down kept the leader key although nothing wrote any more. */
    private static Duration keyWasKept(LabNode patroni) {
        return Duration.between(
                lastSaid(patroni, "LOG:  database system is shut down"),
                lastSaid(patroni, "INFO: Leader key released"));
    }

    /** Both daemons and PostgreSQL begin a line with the time, to the millisecond. */
    private static LocalDateTime lastSaid(LabNode node, String words) {
        return node.log()
                .lines()
                .filter(line -> line.endsWith(words))
                .map(line -> LocalDateTime.parse(
                        line.substring(0, 23).replace(' ', 'T').replace(',', '.')))
                .max(Comparator.naturalOrder())
                .orElseThrow(() -> new LabException("%s never said \"%s\"".formatted(node.name(), words)));
    }

    /** Of three hosts only {@code next} keeps its power. */
    private static void failover(LabCluster cluster, LabNode primary, LabNode next, LabNode third) {
        Daemon first = kind(primary);
        third.host().powerLoss();
        Observed observed = Observed.during(
                cluster,
                "mixed: %s loses power, %s is left".formatted(spell(primary), spell(next)),
                () -> primary.host().powerLoss(),
                LIMIT,
                () -> Faults.movedFrom(cluster, primary));
        printOutage(observed);
        observed.isSafeButForTheLastInstant();
        assertThat(cluster.awaitPrimary().name()).isEqualTo(next.name());

        primary.host().boot();
        third.host().boot();
        first.ensure(cluster, primary);
        Daemon.PATRONI.ensure(cluster, third);
        Patience.demand("all three are back", REJOIN_LIMIT, cluster::isReady);
    }

    private static Daemon kind(LabNode node) {
        return node.agent().isPresent() ? Daemon.AGENT : Daemon.PATRONI;
    }

    private static String spell(LabNode node) {
        return node.name() + " (" + kind(node) + ")";
    }
}
