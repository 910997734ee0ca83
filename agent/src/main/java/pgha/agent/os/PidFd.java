package pgha.agent.os;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;

/**
 * One process, held so that its number cannot come to mean another one.
 *
 * <p>Any thread may wait and signal until it is closed. Its end is seen at once, whether the process is our child or
 * not: the kernel tells, nothing polls (pidfd_open(2), Linux 5.3).
 */
public final class PidFd implements AutoCloseable {
    private final int pid;
    private final int fd;

    private PidFd(int pid, int fd) {
        this.pid = pid;
        this.fd = fd;
    }

    /** Empty if there is no such process. */
    public static Optional<PidFd> open(int pid) {
        long fd = Posix.syscall(Posix.SYS_PIDFD_OPEN, pid, 0, 0, 0);
        if (fd >= 0) {
            return Optional.of(new PidFd(pid, (int) fd));
        }
        if (Posix.errno() == Posix.ESRCH) {
            return Optional.empty();
        }
        throw new IllegalStateException("cannot watch process " + pid + ": errno " + Posix.errno());
    }

    public int pid() {
        return pid;
    }

    /** Waits for the end of the process, zombie or gone; whether it has come. Not ended by an interrupt. */
    public boolean awaitExit(Duration atMost) {
        return poll((int) Math.min(Integer.MAX_VALUE, Math.max(0, atMost.toMillis())));
    }

    public void awaitExit() {
        while (!poll(-1)) {
            // A signal of the JVM's own woke us.
        }
    }

    public boolean hasExited() {
        return poll(0);
    }

    /** Whether there was somebody to take it. */
    public boolean signal(Signal signal) {
        return Posix.syscall(Posix.SYS_PIDFD_SEND_SIGNAL, fd, signal.number(), 0, 0) == 0;
    }

    /** Collects the process if it is our child and has ended, so that no zombie stays. */
    public void reap() {
        while (Posix.waitpid(pid, new int[1], Posix.WNOHANG) < 0 && Posix.errno() == Posix.EINTR) {
            // Once more.
        }
    }

    /** Collects a child of ours that has ended; 128 plus the signal's number if one ended it, -1 if it was no child. */
    public static int exitCode(int pid) {
        int[] status = new int[1];
        while (Posix.waitpid(pid, status, 0) < 0) {
            if (Posix.errno() != Posix.EINTR) {
                return -1;
            }
        }
        int signal = status[0] & 0x7f;
        return signal == 0 ? status[0] >> 8 & 0xff : 128 + signal;
    }

    @Override
    public void close() {
        Posix.close(fd);
    }

    private boolean poll(int timeoutMillis) {
        byte[] pollfd = ByteBuffer.allocate(8)
                .order(ByteOrder.nativeOrder())
                .putInt(fd)
                .putShort(Posix.POLLIN)
                .putShort((short) 0)
                .array();
        return Posix.poll(pollfd, 1, timeoutMillis) > 0;
    }
}
