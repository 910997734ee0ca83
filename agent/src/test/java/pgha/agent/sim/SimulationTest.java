package pgha.agent.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import pgha.agent.os.BootClock;
import pgha.agent.os.WallClock;
import pgha.agent.sim.SimulationRun.Script;
import pgha.dcs.model.Moment;

/**
 * Plays seeds: all that ever failed and a fixed number of others, on all processors.
 *
 * <p>{@code -Dsim.seeds=N} plays that many, from {@code -Dsim.from=F} on, and {@code -Dsim.minutes=M} lets each last so
 * long; {@code -Dsim.soak=30m} goes on
 * with fresh ones; {@code -Dsim.seed=N}, with {@code -Dsim.without=3,7} for faults to leave out and {@code
 * -Dsim.trace=full} for the whole story, plays one.
 */
class SimulationTest {
    private static final int SEEDS_IN_THE_BUILD = 1000;
    private static final int SEEDS_AT_ONCE = 200;
    private static final Path FAILED_ONCE = Path.of("src/test/resources/seeds.txt");

    @Test
    void noOrderOfFaultsBreaksAnInvariant() throws IOException {
        Optional<Long> one = Optional.ofNullable(Long.getLong("sim.seed"));
        Optional<String> soak = Optional.ofNullable(System.getProperty("sim.soak"));
        if (one.isPresent()) {
            playOne(one.get());
        } else if (soak.isPresent()) {
            soak(Duration.parse("PT" + soak.get().toUpperCase(Locale.ROOT)));
        } else {
            int count = Integer.getInteger("sim.seeds", SEEDS_IN_THE_BUILD);
            long from = Long.getLong("sim.from", 1);
            play(Stream.concat(failedOnce(), scripts(from, count)).toList());
        }
    }

    @Test
    void theSameSeedIsTheSameRun() {
        SimulationRun once = new SimulationRun(Script.of(4711), Integer.MAX_VALUE);
        SimulationRun again = new SimulationRun(Script.of(4711), Integer.MAX_VALUE);
        assertThat(once.play()).isEqualTo(again.play());
        assertThat(once.world().trace().lines()).isEqualTo(again.world().trace().lines());
    }

    private static Script script(long seed) {
        return Script.of(seed)
                .lasting(Duration.ofMinutes(Long.getLong("sim.minutes", SimulationRun.LENGTH.toMinutes())));
    }

    /** What came of some seeds; each holds what all of them have in common to tell. */
    private record Played(List<Failure> failures, SortedMap<String, Duration> excused) {
        static Played of(Script script) {
            SimulationRun run = new SimulationRun(script, 0);
            List<Failure> failures =
                    run.play().map(what -> new Failure(script, what)).stream().toList();
            return new Played(failures, run.world().excuses().longest());
        }

        static Played together(Played one, Played other) {
            SortedMap<String, Duration> longest = new TreeMap<>(one.excused);
            other.excused.forEach((why, lasted) -> longest.merge(why, lasted, (a, b) -> a.compareTo(b) > 0 ? a : b));
            return new Played(
                    Stream.concat(one.failures.stream(), other.failures.stream())
                            .toList(),
                    longest);
        }
    }

    private static Stream<Script> scripts(long from, long count) {
        return LongStream.range(from, from + count).mapToObj(SimulationTest::script);
    }

    private static void play(List<Script> scripts) {
        Moment begun = new BootClock().now();
        Played played = played(scripts.stream());
        tell(scripts.size(), played.failures().size(), begun);
        tellExcused(played);
        demandNone(played.failures());
    }

    private static void tellExcused(Played played) {
        played.excused()
                .forEach((why, lasted) -> System.out.printf(
                        "two wrote side by side for %d ms at most after %s%n", lasted.toMillis(), why));
    }

    /** From the time of day on, so that no two soaks play the same. */
    private static void soak(Duration length) {
        BootClock clock = new BootClock();
        Moment begun = clock.now();
        long first = new WallClock().now().toEpochMilli() * 1000;
        System.out.println("seeds from " + first + " on");
        long next = first;
        while (clock.now().isBefore(begun.plus(length))) {
            Played played = played(scripts(next, SEEDS_AT_ONCE));
            next += SEEDS_AT_ONCE;
            tell(next - first, played.failures().size(), begun);
            tellExcused(played);
            demandNone(played.failures());
        }
    }

    private static Played played(Stream<Script> scripts) {
        return scripts.parallel().map(Played::of).reduce(new Played(List.of(), new TreeMap<>()), Played::together);
    }

    private static void demandNone(List<Failure> failures) {
        if (!failures.isEmpty()) {
            String all = failures.stream()
                    .map(failure -> failure.script().seed() + " " + failure.what())
                    .collect(Collectors.joining("\n"));
            fail(all + "\n\n" + failures.getFirst().shrunk().report());
        }
    }

    private static void tell(long seeds, int bad, Moment begun) {
        double seconds = begun.until(new BootClock().now()).toMillis() / 1000.0;
        System.out.printf(
                "%d seeds of %d virtual minutes, %d with a violation, in %.1f s: %.1f a second%n",
                seeds, script(0).length().toMinutes(), bad, seconds, seeds / seconds);
    }

    private static void playOne(long seed) {
        Script script = script(seed);
        String without = System.getProperty("sim.without", "");
        List<Integer> left = Stream.of(without.split(","))
                .filter(number -> !number.isEmpty())
                .map(Integer::valueOf)
                .toList();
        Script played = new Script(seed, script.length(), new TreeSet<>(left));
        SimulationRun run = new SimulationRun(played, Integer.MAX_VALUE);
        Optional<String> failure = run.play();
        if ("full".equals(System.getProperty("sim.trace"))) {
            run.world().trace().lines().forEach(System.out::println);
        }
        failure.ifPresent(what -> fail(new Failure(played, what).report()));
    }

    /** Lines of a seed, how many virtual minutes it takes if that is not the usual, and what it once showed. */
    private static Stream<Script> failedOnce() throws IOException {
        return Files.readAllLines(FAILED_ONCE, UTF_8).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split(" ", 2)[0].split("/"))
                .map(words -> words.length == 1
                        ? script(Long.parseLong(words[0]))
                        : Script.of(Long.parseLong(words[0])).lasting(Duration.ofMinutes(Long.parseLong(words[1]))));
    }
}
