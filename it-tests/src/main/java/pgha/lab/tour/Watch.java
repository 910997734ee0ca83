package pgha.lab.tour;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import pgha.lab.LabException;
import pgha.lab.Patience;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.cluster.RestReply;

/** Waits for the cluster and meanwhile prints what changes on its nodes, so that no wait is silent. */
final class Watch {
    private static final long LONGEST_SILENCE_NANOS = Duration.ofSeconds(4).toNanos();
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final LabCluster cluster;
    private final Screen screen;
    private String shown = "";
    private long shownAt = System.nanoTime();

    Watch(LabCluster cluster, Screen screen) {
        this.cluster = cluster;
        this.screen = screen;
    }

    /** Returns once {@code fact} holds; every change of a node's state is a line. */
    void until(String what, Duration limit, BooleanSupplier fact) {
        long end = System.nanoTime() + limit.toNanos();
        show();
        while (!Patience.until(LOOK_EVERY, fact)) {
            if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
                throw new LabException("cannot go on with the tour: not so within " + limit.toSeconds() + " s: " + what
                        + "; the agents' last words:\n" + cluster.explain());
            }
            show();
        }
        show();
    }

    private void show() {
        String now = cluster.nodes().stream().map(Watch::describe).collect(Collectors.joining("   "));
        if (!now.equals(shown) || System.nanoTime() - shownAt > LONGEST_SILENCE_NANOS) {
            screen.line(now);
            shown = now;
            shownAt = System.nanoTime();
        }
    }

    private static String describe(LabNode node) {
        if (!node.host().isRunning()) {
            return node.name() + " without power";
        }
        if (node.agent().isEmpty()) {
            return node.name() + (node.postmaster().isPresent() ? " without agent" : " down");
        }
        RestReply reply = node.get("/patroni");
        if (reply.code() == 0) {
            return node.name() + " starting";
        }
        JsonNode status = reply.json();
        String streaming = status.path("replication_state").asText("");
        String state = streaming.isEmpty() ? status.path("state").asText("?") : streaming;
        return node.name() + " " + status.path("role").asText("?") + " " + state;
    }
}
