package pgha.agent.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import pgha.agent.ha.Agenda;
import pgha.agent.ha.Event;
import pgha.agent.ha.HaMachine;
import pgha.dcs.model.Moment;
import pgha.dcs.model.ScheduledTime;

/**
 * Tells the core which moments of the boot clock the times of day are that it waits for.
 *
 * <p>Confined to the loop. Looked at after every step, so at least once a second: when somebody sets the host's clock,
 * the core hears of it within that time, and until then goes by what it was told.
 */
public final class WallTimes implements AgentLoop.StepListener {
    /** The two clocks are not read in the same instant, and one of them is steered. */
    private static final Duration TOLERANCE = Duration.ofMillis(200);

    /** Nobody waits for it; and a moment could not tell it. */
    private static final Duration FAR = Duration.ofDays(36_500);

    private final Supplier<Instant> wallClock;
    private final Consumer<Event> events;
    private SortedMap<String, Optional<Moment>> told = Collections.emptySortedMap();

    public WallTimes(Supplier<Instant> wallClock, Consumer<Event> events) {
        this.wallClock = wallClock;
        this.events = events;
    }

    @Override
    public void stepped(Event event, HaMachine.Step step, Moment now) {
        SortedMap<String, Optional<Moment>> times = new TreeMap<>();
        Agenda.texts(step.state()).forEach(text -> times.put(text, moment(text, now)));
        if (!saysTheSame(times)) {
            told = Collections.unmodifiableSortedMap(times);
            events.accept(new Event.TimesRead(told));
        }
    }

    private Optional<Moment> moment(String text, Moment now) {
        return ScheduledTime.parse(text)
                .flatMap(ScheduledTime::instant)
                .map(instant -> Duration.between(wallClock.get(), instant))
                .map(until -> moment(until, now));
    }

    private static Moment moment(Duration until, Moment now) {
        if (until.abs().compareTo(FAR) < 0) {
            return now.plus(until);
        }
        return until.isNegative() ? Moment.EARLIEST : Moment.NEVER;
    }

    private boolean saysTheSame(SortedMap<String, Optional<Moment>> times) {
        return times.keySet().equals(told.keySet())
                && times.entrySet().stream()
                        .allMatch(time -> isNear(time.getValue(), told.getOrDefault(time.getKey(), Optional.empty())));
    }

    private static boolean isNear(Optional<Moment> one, Optional<Moment> other) {
        return (one.isPresent() && other.isPresent())
                ? one.get().until(other.get()).abs().compareTo(TOLERANCE) < 0
                : one.equals(other);
    }
}
