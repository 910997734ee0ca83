package pgha.lab;

import com.sun.jna.Native;
import com.sun.jna.Platform;

/** The few calls of libc that the lab needs: entering a namespace and sending a signal. */
final class Kernel {
    static final int CLONE_NEWNET = 0x4000_0000;

    private static final int O_CLOEXEC = 0x8_0000;

    static {
        Native.register(Kernel.class, Platform.C_LIBRARY_NAME);
    }

    private Kernel() {}

    private static native int open(String path, int flags);

    private static native int close(int descriptor);

    private static native int setns(int descriptor, int type);

    private static native int kill(int pid, int signal);

    /** Moves the calling thread, and every thread it will create, into the network namespace of {@code pid}. */
    static void enterNetworkOf(int pid) {
        int descriptor = open("/proc/" + pid + "/ns/net", O_CLOEXEC);
        if (descriptor < 0) {
            throw new LabException(
                    "cannot open the network namespace of pid " + pid + ": errno " + Native.getLastError());
        }
        int result = setns(descriptor, CLONE_NEWNET);
        int errno = Native.getLastError();
        close(descriptor);
        if (result != 0) {
            throw new LabException("cannot enter the network namespace of pid " + pid + ": errno " + errno);
        }
    }

    /** True if the signal was delivered, false if there is no such process. */
    static boolean signal(int pid, int signal) {
        return kill(pid, signal) == 0;
    }
}
