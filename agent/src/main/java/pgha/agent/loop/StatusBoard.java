package pgha.agent.loop;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import pgha.dcs.model.ClusterView;
import pgha.rest.NodeStatus;

/** The published status of this node: one volatile reference, written by the loop, read by everybody. Thread-safe. */
public final class StatusBoard {
    private final List<Consumer<ClusterView>> subscribers = new CopyOnWriteArrayList<>();
    private volatile NodeStatus status;
    private volatile Duration patience = Duration.ofSeconds(20);

    public StatusBoard(NodeStatus first) {
        status = first;
    }

    public NodeStatus status() {
        return status;
    }

    /** How long a client is kept waiting for an operation on the whole cluster. */
    public Duration patience() {
        return patience;
    }

    /** A place in the list of those who hear of new views. */
    public interface Subscription {
        void end();
    }

    /** Hears of every view published from now on, on the loop: must not block. */
    public Subscription subscribe(Consumer<ClusterView> subscriber) {
        subscribers.add(subscriber);
        return () -> subscribers.remove(subscriber);
    }

    void publish(NodeStatus next, Duration patience) {
        boolean news = !next.view().equals(status.view());
        status = next;
        this.patience = patience;
        if (news) {
            subscribers.forEach(subscriber -> subscriber.accept(next.view()));
        }
    }
}
