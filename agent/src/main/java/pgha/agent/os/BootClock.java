package pgha.agent.os;

import pgha.dcs.model.Moment;

/**
 * The clock on which every deadline is counted: {@code CLOCK_BOOTTIME}, in nanoseconds.
 *
 * <p>Thread-safe. Unlike {@link System#nanoTime()} it runs on while the host is suspended, so that a resumed node does
 * not believe in a lease that ended long ago (clock_gettime(2)). /proc/uptime shows the same clock to scripts.
 */
public final class BootClock {
    private static final long NANOS_IN_SECOND = 1_000_000_000L;

    public Moment now() {
        return new Moment(read(Linux.CLOCK_BOOTTIME));
    }

    static long read(int clock) {
        long[] timespec = new long[2];
        if (Linux.clock_gettime(clock, timespec) != 0) {
            throw Linux.failure("read clock " + clock);
        }
        return timespec[0] * NANOS_IN_SECOND + timespec[1];
    }
}
