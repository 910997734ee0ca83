package pgha.agent.os;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.util.Optional;

/**
 * The system calls about processes, under their own names.
 *
 * <p>Thread-safe. Those of the posix_spawn family return an error number, the others -1 with {@link #errno()}.
 */
final class Posix {
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int ENXIO = 6;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int ENOTTY = 25;

    static final int WNOHANG = 1;

    static final short POLLIN = 1;

    static final short POSIX_SPAWN_SETSIGDEF = 0x04;
    static final short POSIX_SPAWN_SETSIGMASK = 0x08;
    static final short POSIX_SPAWN_SETSID = 0x80;

    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_CREAT = 0x40;
    static final int O_APPEND = 0x400;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;

    static final int PR_CAP_AMBIENT = 47;
    static final int PR_CAP_AMBIENT_CLEAR_ALL = 4;

    static final int F_SETFD = 2;
    static final int FD_CLOEXEC = 1;

    /** These two have one number on all architectures (syscalls(2)). */
    static final long SYS_PIDFD_SEND_SIGNAL = 424;

    static final long SYS_PIDFD_OPEN = 434;

    static {
        Native.register(Posix.class, Platform.C_LIBRARY_NAME);
    }

    private Posix() {}

    static native int posix_spawn(int[] pid, String path, Pointer fileActions, Pointer attr, Pointer argv, Pointer env);

    static native int posix_spawn_file_actions_init(Pointer fileActions);

    static native int posix_spawn_file_actions_destroy(Pointer fileActions);

    static native int posix_spawn_file_actions_addopen(Pointer fileActions, int fd, String path, int flags, int mode);

    static native int posix_spawn_file_actions_adddup2(Pointer fileActions, int fd, int newFd);

    static native int posix_spawnattr_init(Pointer attr);

    static native int posix_spawnattr_destroy(Pointer attr);

    static native int posix_spawnattr_setflags(Pointer attr, short flags);

    static native int posix_spawnattr_setsigdefault(Pointer attr, Pointer signals);

    static native int posix_spawnattr_setsigmask(Pointer attr, Pointer signals);

    static native int sigfillset(Pointer signals);

    static native int sigemptyset(Pointer signals);

    static native int kill(int pid, int signal);

    static native int waitpid(int pid, int[] status, int options);

    static native int poll(byte[] pollfds, long count, int timeoutMillis);

    static native int open(String path, int flags, int mode);

    static native long write(int fd, byte[] bytes, long length);

    static native int close(int fd);

    static native int ioctl(int fd, long request, byte[] argument);

    static native int fcntl(int fd, int command, int value);

    static native int prctl(int option, long a, long b, long c, long d);

    static native int capset(Pointer header, Pointer data);

    static native long syscall(long number, long a, long b, long c, long d);

    /** The reason of this thread's last failed call. */
    static int errno() {
        return Native.getLastError();
    }

    /** A function that younger C libraries have. */
    static Optional<Function> optional(String name) {
        try {
            return Optional.of(
                    NativeLibrary.getInstance(Platform.C_LIBRARY_NAME).getFunction(name));
        } catch (UnsatisfiedLinkError e) {
            return Optional.empty();
        }
    }

    static Memory zeroed(int bytes) {
        Memory memory = new Memory(bytes);
        memory.clear();
        return memory;
    }
}
