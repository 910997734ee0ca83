package pgha.agent.os;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The writing end of a named pipe, which never blocks its writer.
 *
 * <p>Thread-safe: a line of up to 4096 bytes is written as a whole or not at all (pipe(7)).
 */
public final class PosixPipe implements AutoCloseable {
    private final int fd;

    // A descriptor that is closed may be another file's at once, which must not get our lines.
    private final ReentrantLock whileOpen = new ReentrantLock();
    private boolean closed;

    private PosixPipe(int fd) {
        this.fd = fd;
    }

    /** Empty if there is no such pipe, or nobody has it open for reading. */
    public static Optional<PosixPipe> open(Path path) {
        int fd = Posix.open(path.toString(), Posix.O_WRONLY | Posix.O_NONBLOCK | Posix.O_CLOEXEC, 0);
        return fd < 0 ? Optional.empty() : Optional.of(new PosixPipe(fd));
    }

    /** Whether the line is in the pipe: not if it is full, or nobody reads it any more. */
    public boolean writeLine(String line) {
        byte[] bytes = (line + "\n").getBytes(UTF_8);
        whileOpen.lock();
        try {
            return !closed && Posix.write(fd, bytes, bytes.length) == bytes.length;
        } finally {
            whileOpen.unlock();
        }
    }

    @Override
    public void close() {
        whileOpen.lock();
        try {
            if (!closed) {
                closed = true;
                Posix.close(fd);
            }
        } finally {
            whileOpen.unlock();
        }
    }
}
