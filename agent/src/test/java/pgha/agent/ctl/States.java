package pgha.agent.ctl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The two lists behind the page of compatibility: what Patroni has, and what becomes of it here. Pure but for reading. */
public final class States {
    private static final Path DIRECTORY = Path.of("src/test/resources/compatibility");
    private static final Pattern BRACES = Pattern.compile("\\{([^{}]*)}");

    private States() {}

    /**
     * A line of {@code states.txt}.
     *
     * @param items as written: several with commas between, and braces
     */
    public record Row(String kind, String items, String state, String remark) {
        /** Each item alone. */
        public List<String> each() {
            return expanded(items);
        }

        Row missing() {
            return new Row(kind, items, "missing", "");
        }
    }

    public static List<Row> rows() {
        return lines("states.txt")
                .map(line -> line.split("\\|", 4))
                .map(column -> new Row(column[0].strip(), column[1].strip(), column[2].strip(), column[3].strip()))
                .toList();
    }

    /** What Patroni has of a kind. */
    static Set<String> patronis(String kind) {
        return new TreeSet<>(lines("patroni.txt")
                .map(line -> line.split("\\|", 2))
                .filter(column -> column[0].strip().equals(kind))
                .flatMap(column -> expanded(column[1].strip()).stream())
                .toList());
    }

    /** Everything that the rows of a kind speak of. */
    static Set<String> stated(String kind) {
        return new TreeSet<>(rows().stream()
                .filter(row -> row.kind().equals(kind))
                .flatMap(row -> row.each().stream())
                .toList());
    }

    /** {@code a, b.{c,d}} as a, b.c and b.d. */
    static List<String> expanded(String items) {
        return Stream.of(items.split(",\\s+(?![^{]*})"))
                .flatMap(States::alternatives)
                .toList();
    }

    private static Stream<String> alternatives(String item) {
        Matcher braces = BRACES.matcher(item);
        return braces.find()
                ? Arrays.stream(braces.group(1).split(","))
                        .flatMap(word ->
                                alternatives(item.substring(0, braces.start()) + word + item.substring(braces.end())))
                : Stream.of(item);
    }

    private static Stream<String> lines(String file) {
        try {
            return Files.readAllLines(DIRECTORY.resolve(file)).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
