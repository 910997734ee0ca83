package pgha.agent.sim;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import pgha.dcs.model.Moment;

/** Virtual time: a queue of what is due, in true time. Time passes only from one entry to the next. */
final class Simulation {
    private record Due(Moment at, long sequence, Runnable what) {}

    private final PriorityQueue<Due> queue =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparingLong(Due::sequence));
    private final Runnable afterEach;
    private long sequence;
    private Moment now = new Moment(0);

    /** @param afterEach is run after everything that happens */
    Simulation(Runnable afterEach) {
        this.afterEach = afterEach;
    }

    Moment now() {
        return now;
    }

    void at(Moment when, Runnable what) {
        queue.add(new Due(Moment.later(when, now), sequence++, what));
    }

    void after(Duration delay, Runnable what) {
        at(now.plus(delay), what);
    }

    void every(Duration pause, Runnable what) {
        after(pause, () -> {
            what.run();
            every(pause, what);
        });
    }

    /** Lets the next thing happen if it is due by {@code end}; otherwise it is {@code end} now, and the answer no. */
    boolean step(Moment end) {
        Due next = queue.peek();
        if (next == null || next.at().isAfter(end)) {
            now = Moment.later(now, end);
            return false;
        }
        queue.remove();
        now = next.at();
        next.what().run();
        afterEach.run();
        return true;
    }

    void runUntil(Moment end) {
        while (step(end)) {
            // Everything is in the step.
        }
    }
}
