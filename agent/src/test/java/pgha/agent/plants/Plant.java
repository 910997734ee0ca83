package pgha.agent.plants;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One bug: a piece of a production source, and what it becomes.
 *
 * <pre>
 * # What is wrong now.
 * file agent/src/main/java/pgha/agent/lease/Fencing.java
 * found by seed 17
 * - a line as it is, without regard to blanks
 * + what stands there instead
 * </pre>
 *
 * <p>What takes a coincidence that no seed comes to in reasonable time says instead which story of {@code scenarios/} tells
 * the safe outcome of just that: {@code found by story vacant/power-loss}.
 *
 * <p>Immutable.
 *
 * @param seed one that finds it; empty until somebody has looked, and if a story does
 */
record Plant(
        Path file, String title, Path source, OptionalLong seed, Optional<String> story, String before, String after) {
    private static final Path RESOURCES = Path.of("src/test/resources/plants");
    private static final Path TOP = Path.of("..");
    private static final String STORY = "found by story ";
    private static final Pattern SEED = Pattern.compile("found by seed (\\d+)");

    static List<Plant> all() throws IOException {
        try (Stream<Path> files = Files.list(RESOURCES)) {
            return files.sorted().map(Plant::read).toList();
        }
    }

    String name() {
        return file.getFileName().toString().replaceFirst("\\.txt$", "");
    }

    private static Plant read(Path file) {
        try {
            List<String> lines = Files.readAllLines(file, UTF_8);
            return new Plant(
                    file,
                    starting(lines, "# "),
                    TOP.resolve(starting(lines, "file ")),
                    seed(lines),
                    Optional.of(starting(lines, STORY)).filter(title -> !title.isEmpty()),
                    starting(lines, "- "),
                    starting(lines, "+ "));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String starting(List<String> lines, String mark) {
        return String.join(
                "\n",
                lines.stream()
                        .filter(line -> (line + " ").startsWith(mark))
                        .map(line -> line.substring(Math.min(mark.length(), line.length())))
                        .toList());
    }

    private static OptionalLong seed(List<String> lines) {
        Optional<Matcher> found =
                lines.stream().map(SEED::matcher).filter(Matcher::matches).findFirst();
        return found.map(m -> OptionalLong.of(Long.parseLong(m.group(1)))).orElse(OptionalLong.empty());
    }

    /** The source with the bug in it. */
    String planted() throws IOException {
        String text = Files.readString(source, UTF_8);
        Matcher place = Pattern.compile(blanksDoNotMatter(before)).matcher(text);
        if (!place.find()) {
            throw new IllegalStateException(file + ": " + source + " does not hold \"" + before + "\" any more");
        }
        String planted = text.substring(0, place.start()) + after + text.substring(place.end());
        if (place.find()) {
            throw new IllegalStateException(file + ": " + source + " holds \"" + before + "\" more than once");
        }
        return planted;
    }

    private static String blanksDoNotMatter(String text) {
        return Stream.of(text.strip().split("\\s+"))
                .map(Pattern::quote)
                .reduce((a, b) -> a + "\\s+" + b)
                .orElseThrow();
    }

    /** Writes down who finds it. */
    void foundBy(long finder) throws IOException {
        List<String> lines = Files.readAllLines(file, UTF_8).stream()
                .filter(line -> !SEED.matcher(line).matches())
                .flatMap(
                        line -> line.startsWith("file ") ? Stream.of(line, "found by seed " + finder) : Stream.of(line))
                .toList();
        Files.write(file, lines, UTF_8);
    }
}
