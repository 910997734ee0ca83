package pgha.lab;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for facts that the kernel shows only when asked. */
public final class Patience {
    private static final long LOOK_EVERY_NANOS = 2_000_000;

    private Patience() {}

    /** Looks every two milliseconds until {@code fact} holds; false if it does not within {@code limit} or the thread is interrupted. */
    public static boolean until(Duration limit, BooleanSupplier fact) {
        long end = System.nanoTime() + limit.toNanos();
        while (!fact.getAsBoolean()) {
            if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
        return true;
    }

    /** As {@link #until}, but a fact that does not come is an error that names it. */
    public static void demand(String what, Duration limit, BooleanSupplier fact) {
        if (!until(limit, fact)) {
            throw new LabException("cannot see that " + what + ": not so within " + limit.toMillis() + " ms");
        }
    }
}
