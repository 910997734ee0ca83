package pgha.lab.tour;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Prints the tour, each line with the time since the step began. Confined to one thread. */
final class Screen {
    private final PrintStream out;
    private long stepBeganAt = System.nanoTime();
    private int step;

    Screen(PrintStream out) {
        this.out = out;
    }

    /** Begins a step and its clock. */
    void step(String title) {
        step++;
        stepBeganAt = System.nanoTime();
        out.println();
        out.println(step + ". " + title);
        out.flush();
    }

    void line(String text) {
        out.println(String.format(Locale.ROOT, "  %6.2fs  %s", inStep().toMillis() / 1000.0, text));
        out.flush();
    }

    /** A block without times. */
    void text(String block) {
        out.println(block.stripTrailing().indent(2).stripTrailing());
        out.flush();
    }

    void blank() {
        out.println();
        out.flush();
    }

    Duration inStep() {
        return Duration.ofNanos(System.nanoTime() - stepBeganAt);
    }
}
