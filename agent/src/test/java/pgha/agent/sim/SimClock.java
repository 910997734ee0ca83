package pgha.agent.sim;

import java.util.function.Supplier;
import pgha.dcs.model.Moment;

/** A host's boot clock: begins anywhere, and runs a little too fast or too slow. */
final class SimClock {
    private static final long MILLION = 1_000_000;

    private final Supplier<Moment> trueTime;
    private final long start;
    private final long ppm;

    /** @param ppm how much too fast, in millionths */
    SimClock(Supplier<Moment> trueTime, long start, long ppm) {
        this.trueTime = trueTime;
        this.start = start;
        this.ppm = ppm;
    }

    Moment now() {
        long elapsed = trueTime.get().nanos();
        return new Moment(start + elapsed + elapsed / MILLION * ppm);
    }

    /** When, in true time, this clock will show {@code local}. */
    Moment whenItShows(Moment local) {
        long shown = local.nanos() - start;
        return new Moment(shown - shown / (MILLION + ppm) * ppm + 1000);
    }
}
