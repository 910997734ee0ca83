package pgha.agent.setup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks the program postgres for its major version. */
final class ServerVersion {
    private static final Pattern MAJOR = Pattern.compile("\\(PostgreSQL\\) (\\d+)");
    private static final long LIMIT_SECONDS = 5;

    private ServerVersion() {}

    /** The number before the dot; empty if the program does not say. */
    static String of(Path program) throws IOException {
        Process process = new ProcessBuilder(program.toString(), "--version")
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            Matcher major = MAJOR.matcher(said);
            return major.find() ? major.group(1) : "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        } finally {
            process.destroy();
        }
    }
}
