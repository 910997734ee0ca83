package pgha.agent.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;

/**
 * A text file of commands, each with the output it is expected to have.
 *
 * <pre>
 * # What the file is about.
 *
 * command argument key=value key=(a,b)
 * lines of input, if the command wants any
 * ----
 * lines of expected output, up to an empty line
 * </pre>
 *
 * <p>With {@code -Drewrite=true} the file is written anew with what the commands said, and its comments as they are.
 */
public final class DataDriven {
    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final String SEPARATOR = "----";

    private final Path file;

    private DataDriven(Path file) {
        this.file = file;
    }

    /** One command: {@code run until-stable for=10s}. */
    public record Command(String name, List<String> arguments, SortedMap<String, String> options, String input) {
        static Command parse(String line, String input) {
            List<String> arguments = new ArrayList<>();
            SortedMap<String, String> options = new TreeMap<>();
            List<String> words = words(line);
            for (String word : words.subList(1, words.size())) {
                int equals = word.indexOf('=');
                if (equals < 0) {
                    arguments.add(word);
                } else {
                    options.put(word.substring(0, equals), word.substring(equals + 1));
                }
            }
            return new Command(words.getFirst(), List.copyOf(arguments), options, input);
        }

        /** Words are separated by blanks outside of parentheses. */
        private static List<String> words(String line) {
            List<String> words = new ArrayList<>();
            StringBuilder word = new StringBuilder();
            int depth = 0;
            for (char c : (line + " ").toCharArray()) {
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
                if (c != ' ' || depth > 0) {
                    word.append(c);
                } else if (!word.isEmpty()) {
                    words.add(word.toString());
                    word.setLength(0);
                }
            }
            return words;
        }

        public Optional<String> option(String key) {
            return Optional.ofNullable(options.get(key));
        }

        public String option(String key, String otherwise) {
            return option(key).orElse(otherwise);
        }

        /** The value of {@code key=(a,b)}; one without parentheses is a list of one. */
        public List<String> list(String key) {
            String text = option(key).orElse("").replaceAll("^\\(|\\)$", "");
            return text.isEmpty() ? List.of() : List.of(text.split(", *"));
        }
    }

    /** All files below a directory of the test resources, in the order of their names. */
    public static List<DataDriven> files(String directory) {
        try (Stream<Path> paths = Files.walk(RESOURCES.resolve(directory))) {
            return paths.filter(path -> path.toString().endsWith(".txt"))
                    .sorted()
                    .map(DataDriven::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static DataDriven file(String name) {
        return new DataDriven(RESOURCES.resolve(name));
    }

    /** {@code blind/leader-isolated}. */
    public String title() {
        return RESOURCES.relativize(file).toString().replaceAll("^[^/]*/", "").replaceAll("\\.txt$", "");
    }

    public Path path() {
        return file;
    }

    /** Runs every command in turn; compares what they say with the file, or writes it there. */
    public void run(Function<Command, String> execute) {
        settle(play(execute));
    }

    /** Runs every command in turn; what the file would be with what they say. */
    public String play(Function<Command, String> execute) {
        List<String> lines = read().lines().toList();
        StringBuilder actual = new StringBuilder();
        int at = 0;
        while (at < lines.size()) {
            String line = lines.get(at);
            if (line.isBlank() || line.startsWith("#")) {
                actual.append(line).append('\n');
                at++;
                continue;
            }
            int separator = indexOf(SEPARATOR, lines, at);
            int end = indexOf("", lines, separator);
            String input = String.join("\n", lines.subList(at + 1, Math.min(separator, lines.size())));
            String said = execute.apply(Command.parse(line, input)).stripTrailing();
            Assertions.assertThat(said.lines())
                    .as("an empty line would end the output")
                    .noneMatch(String::isBlank);
            lines.subList(at, Math.min(separator, lines.size()))
                    .forEach(l -> actual.append(l).append('\n'));
            actual.append(SEPARATOR).append('\n').append(said).append(said.isEmpty() ? "" : "\n");
            at = end;
        }
        return actual.toString();
    }

    /** Compares a text as a whole with the file, or writes it there. */
    public void settle(String actual) {
        if (Boolean.getBoolean("rewrite")) {
            try {
                Files.createDirectories(Optional.ofNullable(file.getParent()).orElse(RESOURCES));
                Files.writeString(file, actual, UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return;
        }
        Assertions.assertThat(actual)
                .as("%s; -Drewrite=true writes it anew", file)
                .isEqualTo(read());
    }

    private String read() {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + "; -Drewrite=true writes golden files", e);
        }
    }

    /** The first line from {@code from} on that is {@code wanted}, or the end. */
    private static int indexOf(String wanted, List<String> lines, int from) {
        for (int i = from; i < lines.size(); i++) {
            if (lines.get(i).equals(wanted)) {
                return i;
            }
        }
        return lines.size();
    }
}
