package pgha;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import pgha.agent.ha.Reason;

/** Style as a test: sizes, words, what tests may not do, and that every reason is shown somewhere. */
class TidyTest {
    private static final Path ROOT = Path.of("..");
    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final int LINES_OF_A_FILE = 400;
    private static final int LINES_OF_A_CLASS_OF_THE_CORE = 250;
    private static final List<String> MODULES = List.of("dcs", "vip", "rest-api", "agent", "it-tests");

    private static final Pattern BANNED_IN_NAMES =
            Pattern.compile(".*(Manager|Helper|Utils?|Processor|Impl|Service|Base|Common|Handler|Data|Info)\\.java");
    private static final Pattern BANNED_IN_TESTS = Pattern.compile(
            "Thread\\.sleep|TimeUnit\\.[A-Z]+\\.sleep|org\\.mockito|@Disabled|@RepeatedTest|RetryingTest");
    private static final Pattern BANNED_IN_CODE = Pattern.compile("//\\s*(TODO|FIXME|XXX)|@author");

    /** Names that say what they are in spite of their last word. */
    private static final List<String> ALLOWED_NAMES = List.of("JdkHandler.java", "ControlData.java", "ConnInfo.java");

    @Test
    void noFileIsTooLong() {
        assertThat(broken(sources("src"), file -> lines(file).size() > LINES_OF_A_FILE))
                .as("longer than %d lines", LINES_OF_A_FILE)
                .isEmpty();
    }

    @Test
    void noClassOfTheCoreIsTooLong() {
        List<Path> core = sources("src/main").stream()
                .filter(file -> file.toString().contains("pgha/agent/ha/"))
                .toList();
        assertThat(broken(core, file -> lines(file).size() > LINES_OF_A_CLASS_OF_THE_CORE))
                .as("longer than %d lines", LINES_OF_A_CLASS_OF_THE_CORE)
                .isEmpty();
    }

    @Test
    void everyNameMeansSomething() {
        assertThat(broken(
                        sources("src/main"),
                        file -> BANNED_IN_NAMES.matcher(name(file)).matches() && !ALLOWED_NAMES.contains(name(file))))
                .as("named after nothing of the domain")
                .isEmpty();
    }

    @Test
    void testsNeitherSleepNorMockNorRetry() {
        assertThat(matching(sources("src/test"), BANNED_IN_TESTS)).isEmpty();
    }

    @Test
    void nothingIsLeftToDoInTheCode() {
        assertThat(matching(sources("src"), BANNED_IN_CODE)).isEmpty();
    }

    @Test
    void everyPackageExplainsItself() {
        List<Path> silent = sources("src/main").stream()
                .map(Path::getParent)
                .distinct()
                .filter(directory -> !Files.exists(directory.resolve("package-info.java")))
                .toList();
        assertThat(silent).as("packages without package-info.java").isEmpty();
    }

    /** A reason that no golden file shows is one that nobody has seen. */
    @Test
    void everyReasonIsShownInAGoldenFile() {
        String shown = Stream.of("scenarios", "decisions.golden.txt")
                .flatMap(path -> files(RESOURCES.resolve(path), ".txt").stream())
                .map(TidyTest::text)
                .reduce("", String::concat);
        List<String> unseen = Stream.of(Reason.values())
                .map(Reason::name)
                .filter(reason ->
                        !Pattern.compile("\\b" + reason + "\\b").matcher(shown).find())
                .filter(reason -> !ELSEWHERE.containsKey(reason))
                .toList();
        assertThat(unseen).as("reasons that no golden file shows").isEmpty();
    }

    /** Reasons that are on the way only, and why no story stops at them. */
    private static final SortedMap<String, String> ELSEWHERE = new TreeMap<>();

    static {
        ELSEWHERE.put("GIVING", "lasts until the store has answered, and decides nothing");
        ELSEWHERE.put("TAKING", "lasts for the few milliseconds by which the watch is quicker than the answer");
    }

    private static List<Path> sources(String part) {
        List<Path> all = new ArrayList<>();
        for (String module : MODULES) {
            all.addAll(files(ROOT.resolve(module).resolve(part), ".java"));
        }
        return all;
    }

    private static List<Path> files(Path directory, String suffix) {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter(path -> path.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> broken(List<Path> files, java.util.function.Predicate<Path> breach) {
        return files.stream().filter(breach).map(Path::toString).toList();
    }

    private static List<String> matching(List<Path> files, Pattern banned) {
        return broken(
                files,
                file -> !name(file).equals("TidyTest.java")
                        && banned.matcher(text(file)).find());
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static List<String> lines(Path file) {
        return text(file).lines().toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
