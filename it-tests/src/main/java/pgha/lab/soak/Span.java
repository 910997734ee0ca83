package pgha.lab.soak;

import java.time.Duration;
import java.util.Optional;

/** The time from one moment to another, both of {@link System#nanoTime}. */
record Span(long from, long to) {
    Span and(Duration longer) {
        return new Span(from, to + longer.toNanos());
    }

    boolean has(long moment) {
        return moment - from >= 0 && to - moment >= 0;
    }

    /** What both have; empty if there is no such moment. */
    Optional<Span> shared(Span other) {
        Span both = new Span(from - other.from > 0 ? from : other.from, to - other.to < 0 ? to : other.to);
        return both.to - both.from >= 0 ? Optional.of(both) : Optional.empty();
    }

    boolean meets(Span other) {
        return shared(other).isPresent();
    }
}
