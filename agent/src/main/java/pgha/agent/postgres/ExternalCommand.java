package pgha.agent.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import pgha.agent.os.BootClock;
import pgha.agent.os.Command;
import pgha.agent.os.PidFd;
import pgha.agent.os.Signal;
import pgha.agent.os.SpawnException;
import pgha.agent.os.Spawner;
import pgha.agent.task.CancelToken;
import pgha.dcs.model.Moment;

/**
 * Runs programs to their end: their output, a bound in time, TERM then KILL.
 *
 * <p>Thread-safe. Output goes through a file, so that a program never waits for us. A program that starts others, as
 * pg_basebackup does, is ended with all of them: they are one session.
 */
final class ExternalCommand {
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final AtomicLong COUNTER = new AtomicLong();

    private final Spawner spawner;
    private final BootClock clock;
    private final Path scratch;

    /** @param scratch where the output is kept while the program runs */
    ExternalCommand(Spawner spawner, BootClock clock, Path scratch) {
        this.spawner = spawner;
        this.clock = clock;
        this.scratch = scratch;
    }

    /** How it ended: {@code status} is its exit code, or -1 and a reason if it did not end by itself. */
    record Ended(int status, String output) {
        boolean isSuccess() {
            return status == 0;
        }

        /** For a sentence: {@code pg_rewind exited with 1: "source server must not be in recovery"}. */
        String brief(String program) {
            String words = Texts.lastWords(output, 3);
            return (status < 0 ? program + " did not end by itself" : program + " exited with " + status)
                    + (words.isEmpty() ? "" : ": \"" + words.replace("\"", "'") + "\"");
        }
    }

    /** A file for one run's output. */
    Path newOutput(String program) {
        return scratch.resolve(".%s.%d.out".formatted(program, COUNTER.incrementAndGet()));
    }

    Ended run(Command command, Duration timeout, CancelToken cancel) throws InterruptedException {
        return run(command, timeout, cancel, output -> {});
    }

    /**
     * Runs it; {@code watching} is shown the output so far when there is more of it.
     *
     * @throws InterruptedException if it was cancelled, after the program is gone
     */
    Ended run(Command command, Duration timeout, CancelToken cancel, Consumer<String> watching)
            throws InterruptedException {
        cancel.throwIfRequested();
        Moment until = clock.now().plus(timeout);
        try {
            Files.createDirectories(scratch);
            Files.deleteIfExists(command.output());
            int pid = spawner.spawn(command);
            Runnable look = onChange(command.output(), watching);
            boolean byItself = await(pid, until, cancel, look);
            look.run();
            int status = byItself ? PidFd.exitCode(pid) : -1;
            cancel.throwIfRequested();
            return new Ended(status, Texts.after(command.output(), 0));
        } catch (SpawnException e) {
            return new Ended(-1, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Ended(-1, "cannot keep its output: " + Texts.reason(e));
        } finally {
            deleteQuietly(command.output());
        }
    }

    private static Runnable onChange(Path output, Consumer<String> watching) {
        AtomicLong shown = new AtomicLong();
        return () -> {
            long size = Texts.sizeOf(output);
            if (shown.getAndSet(size) != size) {
                watching.accept(Texts.after(output, 0));
            }
        };
    }

    private boolean await(int pid, Moment until, CancelToken cancel, Runnable look) {
        Optional<PidFd> opened = PidFd.open(pid);
        if (opened.isEmpty()) {
            return true;
        }
        try (PidFd process = opened.get()) {
            while (!process.awaitExit(LOOK_EVERY)) {
                look.run();
                if (cancel.isRequested() || clock.now().isAfter(until)) {
                    end(process);
                    return false;
                }
            }
            return true;
        }
    }

    private static void end(PidFd process) {
        Signal.TERM.sendToGroup(process.pid());
        boolean gone = process.awaitExit(GRACE);
        Signal.KILL.sendToGroup(process.pid());
        if (!gone) {
            process.awaitExit(GRACE);
        }
        process.reap();
    }

    static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // It is a passing file in a directory of passing files; the next run takes another name.
        }
    }
}
