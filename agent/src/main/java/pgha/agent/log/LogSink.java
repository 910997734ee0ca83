package pgha.agent.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import pgha.agent.os.Threads;
import pgha.agent.os.WallClock;

/**
 * Writes log entries from a thread of its own, so that a blocked journal or disk never holds up whoever logs.
 *
 * <p>Thread-safe. An entry that the queue has no room for is lost, counted, and told of by a WARNING once there is room
 * again. A file that cannot be written is replaced by stderr, line by line, until it can.
 */
public final class LogSink implements AutoCloseable {
    private static final long MILLIS_TO_DRAIN = 1000;

    private final BlockingQueue<LogEntry> queue;
    private final AtomicLong lost = new AtomicLong();
    private final WallClock clock;
    private final OutputStream stderr;
    private volatile Output output;
    private volatile boolean closing;
    private @Nullable Thread writer;
    private long lostAndTold;

    /** What the writer works with; replaced as a whole when settings change. */
    private record Output(LogSettings settings, Optional<RotatedFile> file) {}

    private LogSink(Output output, WallClock clock, OutputStream stderr) {
        this.queue = new ArrayBlockingQueue<>(output.settings().maxQueueSize());
        this.output = output;
        this.clock = clock;
        this.stderr = stderr;
    }

    /**
     * Opens the file, if there is one, and starts the writer.
     *
     * @throws IOException if the file cannot be opened
     */
    public static LogSink start(LogSettings settings, Threads threads, WallClock clock) throws IOException {
        return start(settings, threads, clock, new FileOutputStream(FileDescriptor.err));
    }

    static LogSink start(LogSettings settings, Threads threads, WallClock clock, OutputStream stderr)
            throws IOException {
        LogSink sink = new LogSink(open(settings), clock, stderr);
        sink.writer = threads.start("log", sink::writeUntilClosed);
        return sink;
    }

    /**
     * Changes everything but the length of the queue.
     *
     * @throws IOException if the new file cannot be opened; the old settings stay
     */
    public void reconfigure(LogSettings settings) throws IOException {
        output = open(settings);
    }

    public LogSettings settings() {
        return output.settings();
    }

    /** How many entries wait to be written. */
    public int queued() {
        return queue.size();
    }

    /** How many entries were lost since the start. */
    public long lost() {
        return lost.get();
    }

    boolean hears(String logger, LogLevel level) {
        return level.isAtLeast(output.settings().thresholdOf(logger));
    }

    /** Never blocks. */
    void accept(LogEntry entry) {
        if (!queue.offer(entry)) {
            lost.incrementAndGet();
        }
    }

    /** Writes what is queued, for a second at most. */
    @Override
    public void close() {
        closing = true;
        Thread running = writer;
        if (running == null) {
            return;
        }
        running.interrupt();
        try {
            running.join(MILLIS_TO_DRAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Output open(LogSettings settings) throws IOException {
        if (settings.file().isEmpty()) {
            return new Output(settings, Optional.empty());
        }
        return new Output(settings, Optional.of(RotatedFile.open(settings.file().get())));
    }

    private void writeUntilClosed() {
        Output current = output;
        while (true) {
            LogEntry entry = next();
            Output wanted = output;
            if (!wanted.equals(current)) {
                close(current);
                current = wanted;
            }
            if (entry == null) {
                close(current);
                return;
            }
            write(current, entry);
            tellOfLosses(current);
        }
    }

    /** Nothing once the sink is closed and all is written. */
    private @Nullable LogEntry next() {
        while (!closing) {
            try {
                return queue.take();
            } catch (InterruptedException e) {
                // Only close() interrupts, and what is queued is still to be written.
                closing = true;
            }
        }
        return queue.poll();
    }

    private void tellOfLosses(Output current) {
        long now = lost.get();
        if (now > lostAndTold) {
            String message = "%d log lines were lost: the queue of %d was full"
                    .formatted(now - lostAndTold, current.settings().maxQueueSize());
            lostAndTold = now;
            String here = Thread.currentThread().getName();
            write(
                    current,
                    new LogEntry(
                            clock.now(),
                            LogLevel.WARNING,
                            LogSink.class.getName(),
                            here,
                            message,
                            List.of(),
                            Optional.empty()));
        }
    }

    private void write(Output current, LogEntry entry) {
        byte[] lines = (current.settings().layout().print(entry) + "\n").getBytes(UTF_8);
        try {
            if (current.file().isPresent()) {
                current.file().get().write(lines);
                return;
            }
        } catch (IOException e) {
            writeToStderr(("cannot write to " + current.file().get().place().file() + ": " + e.getMessage()
                            + "; the line follows here\n")
                    .getBytes(UTF_8));
        }
        writeToStderr(lines);
    }

    private void writeToStderr(byte[] lines) {
        try {
            stderr.write(lines);
        } catch (IOException e) {
            // Nobody is left who could be told.
            lost.incrementAndGet();
        }
    }

    private static void close(Output finished) {
        try {
            if (finished.file().isPresent()) {
                finished.file().get().close();
            }
        } catch (IOException e) {
            // Its lines are written: there is no buffer that closing would flush.
            return;
        }
    }
}
