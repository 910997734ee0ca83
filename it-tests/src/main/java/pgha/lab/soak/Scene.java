package pgha.lab.soak;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import pgha.lab.Lab;
import pgha.lab.LabException;
import pgha.lab.LabHost;
import pgha.lab.LabProcess;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;

/**
 * The cluster that the faults of a round happen to, and who played which part when it began.
 *
 * @param leader watches who leads
 * @param operators threads of people whose orders may not have been obeyed yet
 */
record Scene(
        LabCluster cluster,
        SmallDisks disks,
        LeaderWatch leader,
        LabNode primary,
        List<LabNode> replicas,
        Collection<Thread> operators) {
    private static final Duration ORDER_LIMIT = Duration.ofSeconds(70);

    Scene {
        replicas = List.copyOf(replicas);
    }

    static Scene of(LabCluster cluster, SmallDisks disks, LeaderWatch leader) {
        LabNode primary = cluster.awaitPrimary();
        List<LabNode> replicas = cluster.nodes().stream()
                .filter(node -> !node.name().equals(primary.name()))
                .toList();
        return new Scene(cluster, disks, leader, primary, replicas, new ConcurrentLinkedQueue<>());
    }

    /** Lets an operator give an order without waiting for it. */
    void order(String name, Runnable order) {
        Thread operator = Thread.ofPlatform().daemon().name(name).unstarted(order);
        operators.add(operator);
        operator.start();
    }

    /** Returns once every order has been answered, or given up by the program that gave it. */
    void awaitOperators() {
        for (Thread operator : operators) {
            try {
                operator.join(ORDER_LIMIT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    LabNode node(Victim victim) {
        return switch (victim) {
            case PRIMARY -> primary;
            case REPLICA -> replicas.getFirst();
            case OTHER_REPLICA -> replicas.getLast();
        };
    }

    /** The node itself if it is a replica, else one that is. */
    LabNode replica(Victim victim) {
        return victim == Victim.PRIMARY ? replicas.getFirst() : node(victim);
    }

    /** The node that a strike means. */
    LabNode target(Strike strike) {
        return switch (strike.fault()) {
            case WALRECEIVER_KILLED, WALRECEIVER_STOPPED, HBA_BROKEN -> replica(strike.victim());
            case SWITCHOVER, SLOW_SHUTDOWN -> primary;
            default -> node(strike.victim());
        };
    }

    Lab lab() {
        return cluster.lab();
    }

    /** The process of {@code host} whose command line has {@code words}. */
    static LabProcess process(LabHost host, String words) {
        return host.processes().stream()
                .filter(process -> process.commandLine().contains(words))
                .findFirst()
                .orElseThrow(() -> new LabException("no \"" + words + "\" runs on " + host.name()));
    }
}
