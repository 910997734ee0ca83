package pgha.lab.soak;

import java.util.List;
import pgha.lab.Lab;
import pgha.lab.LabException;
import pgha.lab.LabHost;
import pgha.lab.LabProcess;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;

/** The cluster that the faults of a round happen to, and who played which part when it began. */
record Scene(LabCluster cluster, SmallDisks disks, LabNode primary, List<LabNode> replicas) {
    Scene {
        replicas = List.copyOf(replicas);
    }

    static Scene of(LabCluster cluster, SmallDisks disks) {
        LabNode primary = cluster.awaitPrimary();
        List<LabNode> replicas = cluster.nodes().stream()
                .filter(node -> !node.name().equals(primary.name()))
                .toList();
        return new Scene(cluster, disks, primary, replicas);
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
