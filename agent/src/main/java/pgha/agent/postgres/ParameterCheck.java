package pgha.agent.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import pgha.agent.task.CancelToken;

/**
 * Which parameters the installed PostgreSQL refuses, by its own word.
 *
 * <p>Thread-safe. The server's program reads them from a file and says what is wrong with it, without starting; that
 * works before the first start and beside a running server, and knows each version and each unit. The last answer is
 * kept: nothing is asked twice. If PostgreSQL cannot be asked, nothing is refused: it will complain itself.
 */
final class ParameterCheck {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** It tells unknown names first, and values only when there are none of those. */
    private static final int ROUNDS = 4;

    private static final Pattern COMPLAINT =
            Pattern.compile("\\bLOG: +(.*\\bparameter \"([A-Za-z_][A-Za-z0-9_.$]*)\".*)");

    private final ExternalCommand commands;
    private final AtomicReference<@Nullable Answer> last = new AtomicReference<>();

    private record Question(Path program, SortedMap<String, String> values) {}

    private record Answer(Question question, SortedMap<String, String> refusals) {}

    ParameterCheck(ExternalCommand commands) {
        this.commands = commands;
    }

    /** What PostgreSQL says against those of {@code values} that it does not take, by name. */
    SortedMap<String, String> refusals(
            Programs programs, Path dataDir, SortedMap<String, String> values, CancelToken cancel)
            throws InterruptedException {
        Question question = new Question(programs.find("postgres"), new TreeMap<>(values));
        Answer known = last.get();
        if (known != null && known.question().equals(question)) {
            return known.refusals();
        }
        try {
            SortedMap<String, String> refusals = ask(programs, dataDir, values, cancel);
            last.set(new Answer(question, refusals));
            return refusals;
        } catch (IOException e) {
            return Collections.emptySortedMap();
        }
    }

    private SortedMap<String, String> ask(
            Programs programs, Path dataDir, SortedMap<String, String> values, CancelToken cancel)
            throws IOException, InterruptedException {
        SortedMap<String, String> left = new TreeMap<>(values);
        SortedMap<String, String> refusals = new TreeMap<>();
        Path file = commands.newOutput("parameters");
        try {
            for (int round = 0; round < ROUNDS; round++) {
                Files.writeString(file, ConfigFiles.lines(left));
                ExternalCommand.Ended ended = commands.run(
                        programs.tool(
                                "postgres",
                                List.of("-D", dataDir.toString(), "--config-file=" + file, "-C", "max_connections"),
                                commands.newOutput("postgres")),
                        TIMEOUT,
                        cancel);
                Map<String, String> found = ended.isSuccess() ? Map.of() : complaints(ended.output());
                if (!left.keySet().removeAll(found.keySet())) {
                    break;
                }
                refusals.putAll(found);
            }
        } finally {
            Files.deleteIfExists(file);
        }
        return Collections.unmodifiableSortedMap(refusals);
    }

    /** PostgreSQL's words by the parameter that they are about, without the place in a file that is ours. */
    static SortedMap<String, String> complaints(String output) {
        SortedMap<String, String> complaints = new TreeMap<>();
        output.lines().forEach(line -> {
            Matcher matcher = COMPLAINT.matcher(line);
            if (matcher.find()) {
                complaints.putIfAbsent(
                        matcher.group(2), matcher.group(1).replaceFirst(" in file \".*\" line \\d+$", ""));
            }
        });
        return complaints;
    }
}
