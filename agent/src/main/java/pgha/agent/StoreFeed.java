package pgha.agent;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pgha.agent.ha.Event;
import pgha.dcs.Dcs;
import pgha.dcs.model.ClusterView;

/** Turns what the store tells into events. Called on the store's thread; never blocks. */
final class StoreFeed implements Dcs.Listener {
    private static final Logger log = LoggerFactory.getLogger(StoreFeed.class);

    private final Consumer<Event> events;

    StoreFeed(Consumer<Event> events) {
        this.events = events;
    }

    @Override
    public void viewChanged(ClusterView view) {
        events.accept(new Event.ViewChanged(view));
    }

    @Override
    public void linkLost(String cause) {
        log.warn("the store cannot be followed any more: {}", cause);
        events.accept(new Event.LinkLost(cause));
    }

    @Override
    public void warned(String sentence) {
        log.warn(sentence);
    }
}
