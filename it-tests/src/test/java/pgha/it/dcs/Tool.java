package pgha.it.dcs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs small programs that end by themselves. */
final class Tool {
    private static final long LIMIT_SECONDS = 20;

    private Tool() {}

    /** What it prints, standard error included; empty if it fails. */
    static Optional<String> run(List<String> command) {
        Result result = result(command);
        return result.status == 0 ? Optional.of(result.output) : Optional.empty();
    }

    /** As {@link #run}, but failing is an error. */
    static String demand(List<String> command) {
        Result result = result(command);
        if (result.status != 0) {
            throw new IllegalStateException("cannot run " + command + ": it says " + result.output);
        }
        return result.output;
    }

    private record Result(int status, String output) {}

    private static Result result(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Result(-1, output + "(it does not end)");
            }
            return new Result(process.exitValue(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result(-1, "interrupted");
        }
    }
}
