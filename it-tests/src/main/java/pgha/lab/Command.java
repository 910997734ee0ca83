package pgha.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end and keeps what it said. */
public final class Command {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Command() {}

    /** What a program left: exit code (137 if it was killed for being late), standard output and standard error. */
    public record Result(List<String> argv, int exitCode, String out, String err) {
        public boolean succeeded() {
            return exitCode == 0;
        }

        /** The output, or an error that shows what the program said instead. */
        public String orThrow() {
            if (succeeded()) {
                return out;
            }
            throw new LabException("cannot run " + argv + ": exited with " + exitCode + ": " + (err + out).strip());
        }
    }

    public static Result run(String... argv) {
        return run(LIMIT, "", List.of(argv));
    }

    /** Runs {@code argv} with {@code input} on its standard input, and kills it when {@code limit} is over. */
    public static Result run(Duration limit, String input, List<String> argv) {
        try {
            Process process = new ProcessBuilder(argv).start();
            CompletableFuture<String> out = drain(process.getInputStream());
            CompletableFuture<String> err = drain(process.getErrorStream());
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return new Result(argv, 137, "", "killed after " + limit.toMillis() + " ms");
            }
            return new Result(argv, process.exitValue(), out.join(), err.join());
        } catch (IOException e) {
            throw new LabException("cannot run " + argv + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("cannot run " + argv + ": interrupted", e);
        }
    }

    private static CompletableFuture<String> drain(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("lab-output").start(() -> {
            try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException | UncheckedIOException e) {
                text.complete("");
            }
        });
        return text;
    }
}
