package pgha.agent.loop;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import pgha.agent.ha.Event;

/**
 * What happened and has not been looked at yet.
 *
 * <p>Thread-safe; posting never blocks. Bounded in what can pile up: of observations that follow upon each other only
 * the last is kept, since each tells the whole truth. Everything else has at most one of a kind under way.
 */
public final class EventQueue implements Consumer<Event> {
    private final LinkedBlockingDeque<Event> events = new LinkedBlockingDeque<>();

    /** Posts an event, from any thread. */
    @Override
    public void accept(Event event) {
        Event last = events.peekLast();
        if (last != null && replaces(event, last)) {
            events.removeLastOccurrence(last);
        }
        events.add(event);
    }

    /** The next event, or {@link Event.TimerFired} if none came within {@code wait}. */
    public Event take(Duration wait) throws InterruptedException {
        Event event = events.poll(Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS);
        return event == null ? new Event.TimerFired() : event;
    }

    private static boolean replaces(Event next, Event last) {
        return (next instanceof Event.PostgresObserved && last instanceof Event.PostgresObserved)
                || (next instanceof Event.VipObserved && last instanceof Event.VipObserved);
    }
}
