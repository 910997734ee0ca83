package pgha.agent.os;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import pgha.dcs.model.Moment;

/**
 * Waits until a moment on the boot clock, or until somebody wakes the waiter.
 *
 * <p>One thread waits; any thread may {@link #wake()}. A timerfd on {@code CLOCK_BOOTTIME} rings right after a suspend
 * that outlasted the deadline, where {@code Object.wait} would add the time slept to it (timerfd_create(2)). A wait is
 * not ended by {@link Thread#interrupt()}, only by time and by wake.
 */
public final class BootTimer implements AutoCloseable {
    private static final long NANOS_IN_SECOND = 1_000_000_000L;
    private static final int POLLFD_BYTES = 8;
    private static final byte[] ONE = ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.nativeOrder())
            .putLong(1)
            .array();

    private final BootClock clock;
    private final int timer;
    private final int waker;

    private BootTimer(BootClock clock, int timer, int waker) {
        this.clock = clock;
        this.timer = timer;
        this.waker = waker;
    }

    public static BootTimer open(BootClock clock) {
        int timer = Linux.timerfd_create(Linux.CLOCK_BOOTTIME, Linux.TFD_NONBLOCK | Linux.TFD_CLOEXEC);
        if (timer < 0) {
            throw Linux.failure("create a timer");
        }
        int waker = Linux.eventfd(0, Linux.EFD_NONBLOCK | Linux.EFD_CLOEXEC);
        if (waker < 0) {
            IllegalStateException failure = Linux.failure("create an event descriptor");
            Linux.close(timer);
            throw failure;
        }
        return new BootTimer(clock, timer, waker);
    }

    /**
     * Returns at {@code deadline}, or earlier if woken: also by a {@link #wake()} that came since the last wait ended.
     *
     * @return whether the deadline has come
     */
    public boolean awaitUntil(Moment deadline) {
        arm(deadline);
        byte[] pollfds = pollfds();
        while (Linux.poll(pollfds, 2, -1) < 0) {
            if (Linux.errno() != Linux.EINTR) {
                throw Linux.failure("wait for a timer");
            }
        }
        byte[] counter = new byte[Long.BYTES];
        Linux.read(waker, counter, Long.BYTES);
        Linux.read(timer, counter, Long.BYTES);
        return !clock.now().isBefore(deadline);
    }

    /** Ends the current wait, or the next one if nobody waits. */
    public void wake() {
        if (Linux.write(waker, ONE, Long.BYTES) < 0) {
            throw Linux.failure("wake the waiter of a timer");
        }
    }

    /** For when no thread waits any more. */
    @Override
    public void close() {
        Linux.close(timer);
        Linux.close(waker);
    }

    private void arm(Moment deadline) {
        // Zero would disarm the timer; anything in the past rings at once.
        long nanos = Math.max(1, deadline.nanos());
        long[] value = {0, 0, nanos / NANOS_IN_SECOND, nanos % NANOS_IN_SECOND};
        if (Linux.timerfd_settime(timer, Linux.TFD_TIMER_ABSTIME, value, new long[4]) != 0) {
            throw Linux.failure("set a timer");
        }
    }

    private byte[] pollfds() {
        return ByteBuffer.allocate(2 * POLLFD_BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(timer)
                .putShort(Linux.POLLIN)
                .putShort((short) 0)
                .putInt(waker)
                .putShort(Linux.POLLIN)
                .putShort((short) 0)
                .array();
    }
}
