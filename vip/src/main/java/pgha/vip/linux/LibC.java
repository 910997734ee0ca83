package pgha.vip.linux;

import com.sun.jna.Native;
import com.sun.jna.Platform;

/**
 * The six functions of the C library that sockets of the kernel's own families need.
 *
 * <p>Thread-safe: each is one system call. The return value tells whether it failed; only then, and only on the same
 * thread, {@link #errno()} says why: errno is stale after a success. {@code size_t} and {@code ssize_t} are mapped to
 * {@code long}, so this is for 64-bit Linux.
 */
final class LibC {
    static {
        Native.register(LibC.class, Platform.C_LIBRARY_NAME);
    }

    private LibC() {}

    static native int socket(int domain, int type, int protocol);

    static native int bind(int fd, byte[] address, int addressLength);

    static native int setsockopt(int fd, int level, int option, byte[] value, int valueLength);

    static native long sendto(int fd, byte[] bytes, long length, int flags, byte[] address, int addressLength);

    static native long recvfrom(int fd, byte[] bytes, long length, int flags, byte[] address, int[] addressLength);

    static native int close(int fd);

    static Errno errno() {
        return new Errno(Native.getLastError());
    }
}
