package pgha.agent.sim;

import java.util.Optional;
import java.util.function.Supplier;
import pgha.dcs.model.Moment;

/** A host's boot clock: begins anywhere, runs a little too fast or too slow, and stands still while its machine is paused. */
final class SimClock {
    private static final long MILLION = 1_000_000;

    private final Supplier<Moment> trueTime;
    private final long start;
    private final long ppm;
    private Optional<Moment> stoppedAt = Optional.empty();
    private long lost;

    /** @param ppm how much too fast, in millionths */
    SimClock(Supplier<Moment> trueTime, long start, long ppm) {
        this.trueTime = trueTime;
        this.start = start;
        this.ppm = ppm;
    }

    /** Stands still, with the machine. */
    void stop() {
        stoppedAt = stoppedAt.or(() -> Optional.of(trueTime.get()));
    }

    /** Goes on from where it stood. */
    void goOn() {
        stoppedAt.ifPresent(at -> lost += at.until(trueTime.get()).toNanos());
        stoppedAt = Optional.empty();
    }

    boolean isStopped() {
        return stoppedAt.isPresent();
    }

    Moment now() {
        long elapsed = stoppedAt.orElseGet(trueTime).nanos() - lost;
        return new Moment(start + elapsed + elapsed / MILLION * ppm);
    }

    /** When, in true time, this clock will show {@code local}, unless it is stopped in between. */
    Moment whenItShows(Moment local) {
        long shown = local.nanos() - start;
        return new Moment(shown - shown / (MILLION + ppm) * ppm + 1000 + lost);
    }
}
