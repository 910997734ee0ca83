package pgha.agent.os;

import com.sun.jna.Native;
import com.sun.jna.Platform;

/**
 * The system calls behind this package, under their own names.
 *
 * <p>Thread-safe. Each returns -1 on failure; {@link #failure(String)} then tells why. Constants are those of all Linux
 * architectures that we build for.
 */
final class Linux {
    static final int CLOCK_MONOTONIC = 1;
    static final int CLOCK_BOOTTIME = 7;

    static final int TFD_NONBLOCK = 0x800;
    static final int TFD_CLOEXEC = 0x80000;
    static final int TFD_TIMER_ABSTIME = 1;

    static final int EFD_NONBLOCK = 0x800;
    static final int EFD_CLOEXEC = 0x80000;

    static final short POLLIN = 1;

    static final int AF_UNIX = 1;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int MSG_DONTWAIT = 0x40;
    static final int MSG_NOSIGNAL = 0x4000;

    static final int EINTR = 4;

    static {
        Native.register(Linux.class, Platform.C_LIBRARY_NAME);
    }

    private Linux() {}

    /** Fills {@code timespec}: seconds, nanoseconds. */
    static native int clock_gettime(int clock, long[] timespec);

    static native int timerfd_create(int clock, int flags);

    /** {@code value} is an itimerspec: interval seconds and nanoseconds, then expiry seconds and nanoseconds. */
    static native int timerfd_settime(int fd, int flags, long[] value, long[] old);

    static native int eventfd(int initial, int flags);

    static native int poll(byte[] pollfds, long count, int timeoutMillis);

    static native long read(int fd, byte[] buffer, long length);

    static native long write(int fd, byte[] buffer, long length);

    static native int close(int fd);

    static native int socket(int family, int type, int protocol);

    static native long sendto(int fd, byte[] bytes, long length, int flags, byte[] address, int addressLength);

    /** The reason of this thread's last failed call. */
    static int errno() {
        return Native.getLastError();
    }

    /** For calls that fail only if we or the kernel are broken. */
    static IllegalStateException failure(String what) {
        return new IllegalStateException("cannot " + what + ": errno " + errno());
    }
}
