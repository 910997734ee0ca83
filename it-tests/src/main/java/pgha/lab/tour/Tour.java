package pgha.lab.tour;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import pgha.lab.LabException;
import pgha.lab.LabProcess;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.workload.Attempt;
import pgha.lab.workload.Journal;
import pgha.lab.workload.PacedClient;
import pgha.lab.workload.Verdict;
import pgha.lab.workload.Workload;

/** Plays the tour on a prepared cluster: bootstrap, client, five faults and a return, one table. */
final class Tour {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration CLIENT_PERIOD = Duration.ofMillis(50);
    /** A client that gives up soon tries again soon; only the kernel answers to this one. */
    private static final Duration CONNECT_LIMIT = Duration.ofMillis(250);

    private static final Duration CLIENT_LIMIT = Duration.ofSeconds(1);
    /** How long the client goes on after a fault, so that a late outage is seen. */
    private static final Duration AFTERMATH = Duration.ofSeconds(2);

    private final LabCluster cluster;
    private final Screen screen;
    private final Journal journal = new Journal();
    private final List<Fault> faults = new ArrayList<>();

    Tour(LabCluster cluster, Screen screen) {
        this.cluster = cluster;
        this.screen = screen;
    }

    /** One fault as it went: its interval and who had the VIP. */
    private record Fault(String name, long from, long to, String vipBefore, String vipAfter) {}

    /** Plays everything and prints the table; true if no acknowledged row is missing. */
    boolean play() {
        bootstrap();
        try (PacedClient client = new PacedClient(
                () -> cluster.connectVip(CONNECT_LIMIT, CLIENT_LIMIT),
                CLIENT_PERIOD,
                journal,
                cluster.lab().clientThreads())) {
            startWriting(client);
            switchover();
            killPostmaster();
            killAgent();
            losePower();
        }
        // Answers that are still on their way belong to the table.
        linger(CLIENT_LIMIT);
        return conclude();
    }

    private void bootstrap() {
        screen.step("Three nodes start at the same instant and become one cluster");
        cluster.startAgents();
        new Watch(cluster, screen).until("a primary under the VIP and two replicas that stream", LIMIT, () -> {
            cluster.nodes().forEach(LabNode::runningAgent);
            return cluster.isReady();
        });
        screen.line(
                "ready: the primary answers under " + cluster.lab().options().vip() + ", both replicas stream");
        screen.text(cluster.nodes().stream()
                .map(node -> node.name() + " agent " + node.runningAgent().residentKib() / 1024 + " MB resident")
                .collect(Collectors.joining(", ")));
        screen.blank();
        // A replica says that it streams once it has looked, a moment after the primary sees it.
        new Watch(cluster, screen).until("both replicas say that they stream", LIMIT, this::replicasSaySo);
        screen.text(
                "$ agentctl list\n" + cluster.awaitPrimary().agentctl("list").orThrow());
    }

    private boolean replicasSaySo() {
        long streaming = cluster.nodes().stream()
                .map(node ->
                        node.get("/patroni").json().path("replication_state").asText(""))
                .filter("streaming"::equals)
                .count();
        return streaming == cluster.nodes().size() - 1;
    }

    private void startWriting(PacedClient client) {
        screen.step("A client writes through the VIP, twenty times a second");
        Workload.createTable(cluster);
        client.start();
        linger(AFTERMATH);
        screen.line(journal.acknowledged().size() + " rows acknowledged");
    }

    private void switchover() {
        String from = cluster.awaitPrimary().name();
        String to = cluster.replicas().getFirst().name();
        screen.step("Switchover from " + from + " to " + to);
        measure(
                "switchover",
                () -> screen.text("$ agentctl switchover\n"
                        + cluster.node(from)
                                .agentctl("switchover", "--leader", from, "--candidate", to, "--force")
                                .orThrow()),
                () -> cluster.vipHolders().equals(Set.of(to)));
        awaitRedundancy();
    }

    private void killPostmaster() {
        LabNode primary = cluster.awaitPrimary();
        LabProcess postmaster = primary.runningPostmaster();
        screen.step("SIGKILL of the primary's postmaster on " + primary.name());
        measure("postmaster SIGKILL", () -> postmaster.signal(Signal.KILL), () -> !postmaster.isAlive() && isServed());
        awaitRedundancy();
    }

    private void killAgent() {
        LabNode primary = cluster.awaitPrimary();
        LabProcess agent = primary.runningAgent();
        screen.step("SIGKILL of the primary's agent on " + primary.name() + ", which nobody restarts");
        measure("agent SIGKILL", () -> agent.signal(Signal.KILL), () -> movedFrom(primary));
        screen.line("the agent on " + primary.name() + " is started again");
        primary.startAgent();
        awaitRedundancy();
    }

    private void losePower() {
        LabNode primary = cluster.awaitPrimary();
        screen.step("Power loss of the primary's host " + primary.name());
        measure("host power loss", () -> primary.host().powerLoss(), () -> movedFrom(primary));
        screen.step("The host returns");
        measure(
                "its return",
                () -> {
                    primary.host().boot();
                    primary.startAgent();
                },
                () -> cluster.isReady() && replicasSaySo());
        screen.text(
                "$ agentctl list\n" + cluster.awaitPrimary().agentctl("list").orThrow());
    }

    /** Does it, waits until the cluster has settled and clients write again, and remembers the interval. */
    private void measure(String name, Runnable fault, BooleanSupplier settled) {
        String before = holder();
        long from = System.nanoTime();
        fault.run();
        new Watch(cluster, screen).until(name + " is dealt with", LIMIT, settled);
        long settledAt = System.nanoTime();
        Patience.demand("the client writes again", LIMIT, () -> journal.firstViaVipAfter(settledAt)
                .isPresent());
        linger(AFTERMATH);
        Fault done = new Fault(name, from, System.nanoTime(), before, holder());
        faults.add(done);
        FaultRow row = row(done, journal.attempts(), Set.of());
        screen.line("writes stood still for " + row.outage().toMillis() + " ms, " + row.failedAttempts()
                + " attempts failed, VIP " + row.vipBefore() + " -> " + row.vipAfter());
    }

    private void awaitRedundancy() {
        new Watch(cluster, screen).until("two replicas stream again", LIMIT, cluster::isReady);
        screen.line("both replicas stream");
    }

    private boolean movedFrom(LabNode old) {
        Set<String> holders = cluster.vipHolders();
        return holders.size() == 1 && !holders.contains(old.name()) && isServed();
    }

    private boolean isServed() {
        return cluster.viaVip("SELECT pg_is_in_recovery()").filter("f"::equals).isPresent();
    }

    private String holder() {
        return String.join("+", cluster.vipHolders());
    }

    private boolean conclude() {
        Set<String> present = Workload.present(cluster);
        List<Attempt> attempts = journal.attempts();
        List<FaultRow> rows =
                faults.stream().map(fault -> row(fault, attempts, present)).toList();
        long lost = Verdict.lost(attempts, present).size();
        screen.step("What the client noticed");
        screen.text(FaultTable.render(rows));
        screen.text("%d writes, %d acknowledged, of which %d are missing now"
                .formatted(attempts.size(), journal.acknowledged().size(), lost));
        return lost == 0;
    }

    /** With the outage that began at any time in the fault's interval. */
    private static FaultRow row(Fault fault, List<Attempt> attempts, Set<String> present) {
        List<Attempt> during = attempts.stream()
                .filter(attempt -> attempt.sentAt() - fault.from() >= 0 && attempt.sentAt() - fault.to() <= 0)
                .toList();
        return new FaultRow(
                fault.name(),
                Verdict.longestGap(attempts, fault.from(), fault.to()),
                Verdict.notAcknowledged(attempts, fault.from(), fault.to()),
                Verdict.lost(during, present).size(),
                fault.vipBefore(),
                fault.vipAfter());
    }

    private static void linger(Duration time) {
        if (Patience.until(time, () -> false) || Thread.currentThread().isInterrupted()) {
            throw new LabException("the tour was interrupted");
        }
    }
}
