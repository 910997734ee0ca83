package pgha.dcs.model;

import java.time.Duration;

/**
 * A point on this host's boot clock, in nanoseconds since boot, time spent suspended included.
 *
 * <p>Immutable. Comes from {@code CLOCK_BOOTTIME} (clock_gettime(2)) in production and from the simulator's clock in
 * tests; it means nothing on another host and nothing after a reboot.
 */
public record Moment(long nanos) implements Comparable<Moment> {
    /** Before everything that can happen. */
    public static final Moment EARLIEST = new Moment(Long.MIN_VALUE / 4);

    /** After everything that can happen. */
    public static final Moment NEVER = new Moment(Long.MAX_VALUE / 4);

    public Moment plus(Duration duration) {
        return new Moment(nanos + duration.toNanos());
    }

    public Moment minus(Duration duration) {
        return new Moment(nanos - duration.toNanos());
    }

    /** How long it is from here to {@code later}; negative if {@code later} is in the past. */
    public Duration until(Moment later) {
        return Duration.ofNanos(later.nanos - nanos);
    }

    public boolean isBefore(Moment other) {
        return nanos < other.nanos;
    }

    public boolean isAfter(Moment other) {
        return nanos > other.nanos;
    }

    public static Moment earlier(Moment a, Moment b) {
        return a.isBefore(b) ? a : b;
    }

    public static Moment later(Moment a, Moment b) {
        return a.isBefore(b) ? b : a;
    }

    @Override
    public int compareTo(Moment other) {
        return Long.compare(nanos, other.nanos);
    }
}
