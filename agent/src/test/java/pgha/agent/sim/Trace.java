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
    private final Deque<String> lines = new ArrayDeque<>();

    Trace(Supplier<Moment> clock, int keep) {
        this.clock = clock;
        this.keep = keep;
    }

    void say(String who, String what) {
        long millis = clock.get().nanos() / 1_000_000;
        lines.add("%7d.%03ds %-5s %s".formatted(millis / 1000, millis % 1000, who, what));
        if (lines.size() > keep) {
            lines.removeFirst();
        }
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
