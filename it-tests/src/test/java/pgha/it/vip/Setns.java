package pgha.it.vip;

import com.sun.jna.Native;
import com.sun.jna.Platform;

/** Moves the calling thread, and only it, into a network namespace. */
final class Setns {
    private static final int O_RDONLY = 0;
    private static final int O_CLOEXEC = 0x80000;
    private static final int CLONE_NEWNET = 0x4000_0000;

    static {
        Native.register(Setns.class, Platform.C_LIBRARY_NAME);
    }

    private Setns() {}

    private static native int open(String path, int flags);

    private static native int setns(int fd, int type);

    private static native int close(int fd);

    static void enter(String namespace) {
        int fd = open("/run/netns/" + namespace, O_RDONLY | O_CLOEXEC);
        if (fd < 0) {
            throw new IllegalStateException("cannot open namespace " + namespace + ": errno " + Native.getLastError());
        }
        int result = setns(fd, CLONE_NEWNET);
        int errno = Native.getLastError();
        close(fd);
        if (result < 0) {
            throw new IllegalStateException("cannot enter namespace " + namespace + ": errno " + errno);
        }
    }
}
