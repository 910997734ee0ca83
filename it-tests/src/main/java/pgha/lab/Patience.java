package pgha.lab;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits for facts that show only when asked for.
 *
 * <p>It asks again after two milliseconds, or after four times what the last answer took if that is longer, at most a
 * quarter of a second: an expensive question must not keep the machine from changing the answer.
 */
public final class Patience {
    private static final long SHORTEST_PAUSE_NANOS = 2_000_000;
    private static final long LONGEST_PAUSE_NANOS = 250_000_000;
    private static final int PAUSE_PER_QUESTION = 4;

    private Patience() {}

    /** Asks until {@code fact} holds; false if it does not within {@code limit} or the thread is interrupted. */
    public static boolean until(Duration limit, BooleanSupplier fact) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            long askedAt = System.nanoTime();
            if (fact.getAsBoolean()) {
                return true;
            }
            long now = System.nanoTime();
            if (now - end > 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            long pause = PAUSE_PER_QUESTION * (now - askedAt);
            LockSupport.parkNanos(Math.clamp(pause, SHORTEST_PAUSE_NANOS, LONGEST_PAUSE_NANOS));
        }
    }

    /** As {@link #until}, but a fact that does not come is an error that names it. */
    public static void demand(String what, Duration limit, BooleanSupplier fact) {
        if (!until(limit, fact)) {
            throw new LabException("cannot see that " + what + ": not so within " + limit.toMillis() + " ms");
        }
    }
}
