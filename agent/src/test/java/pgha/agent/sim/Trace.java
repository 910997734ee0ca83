package pgha.agent.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import pgha.dcs.model.Moment;

/** The story of a run, one line for each thing that people would want to know. */
final class Trace {
    private final Supplier<Moment> clock;
    private final int keep;
    private Moment start = new Moment(0);
    private final Deque<String> lines = new ArrayDeque<>();

    Trace(Supplier<Moment> clock, int keep) {
        this.clock = clock;
        this.keep = keep;
    }

    /** What the clock shows since the story began. */
    String time() {
        long millis = start.until(clock.get()).toMillis();
        return "%4d.%03ds".formatted(millis / 1000, millis % 1000);
    }

    void say(String who, String what) {
        lines.add("%s %-5s %s".formatted(time(), who, what));
        if (lines.size() > keep) {
            lines.removeFirst();
        }
    }

    /** A new story begins now, at zero. */
    void restart() {
        start = clock.get();
        lines.clear();
    }

    List<String> lines() {
        return new ArrayList<>(lines);
    }

    /** What was said since this was last asked. */
    List<String> take() {
        List<String> taken = lines();
        lines.clear();
        return taken;
    }
}
