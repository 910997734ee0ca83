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
 * <p>{@code -Dsim.seeds=N} plays that many, {@code -Dsim.minutes=M} lets each last so long; {@code -Dsim.soak=30m} goes on
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
            play(LongStream.concat(failedOnce(), LongStream.rangeClosed(1, count))
                    .toArray());
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

    private static void play(long[] seeds) {
        Moment begun = new BootClock().now();
        List<Failure> failures = failures(seeds);
        tell(seeds.length, begun);
        demandNone(failures);
    }

    /** From the time of day on, so that no two soaks play the same. */
    private static void soak(Duration length) {
        BootClock clock = new BootClock();
        Moment begun = clock.now();
        long first = new WallClock().now().toEpochMilli() * 1000;
        System.out.println("seeds from " + first + " on");
        long next = first;
        while (clock.now().isBefore(begun.plus(length))) {
            demandNone(failures(LongStream.range(next, next + SEEDS_AT_ONCE).toArray()));
            next += SEEDS_AT_ONCE;
            tell(next - first, begun);
        }
    }

    private static List<Failure> failures(long[] seeds) {
        return LongStream.of(seeds)
                .parallel()
                .mapToObj(seed -> Failure.of(script(seed)))
                .flatMap(Optional::stream)
                .toList();
    }

    private static void demandNone(List<Failure> failures) {
        if (!failures.isEmpty()) {
            String all = failures.stream()
                    .map(failure -> failure.script().seed() + " " + failure.what())
                    .collect(Collectors.joining("\n"));
            fail(all + "\n\n" + failures.getFirst().shrunk().report());
        }
    }

    private static void tell(long seeds, Moment begun) {
        double seconds = begun.until(new BootClock().now()).toMillis() / 1000.0;
        System.out.printf(
                "%d seeds of %d virtual minutes without a violation in %.1f s: %.1f a second%n",
                seeds, script(0).length().toMinutes(), seconds, seeds / seconds);
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

    /** Lines of a seed and, after it, what it once showed. */
    private static LongStream failedOnce() throws IOException {
        List<String> lines = Files.readAllLines(FAILED_ONCE, UTF_8);
        return lines.stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .mapToLong(line -> Long.parseLong(line.split(" ", 2)[0]));
    }
}
