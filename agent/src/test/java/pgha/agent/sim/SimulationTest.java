package pgha.agent.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Plays seeds: those given, else all that ever failed and a fixed number of others.
 *
 * <p>{@code -Dsim.seed=N} plays one, {@code -Dsim.seeds=N} that many, {@code -Dsim.trace=full} shows the whole story.
 */
class SimulationTest {
    private static final int SEEDS_IN_THE_BUILD = 300;
    private static final int LINES_OF_A_STORY = 60;
    private static final Path FAILED_ONCE = Path.of("src/test/resources/seeds.txt");

    @Test
    void noOrderOfFaultsBreaksAnInvariant() throws IOException {
        seeds().forEach(SimulationTest::play);
    }

    @Test
    void theSameSeedIsTheSameRun() {
        SimulationRun once = new SimulationRun(4711, Integer.MAX_VALUE);
        SimulationRun again = new SimulationRun(4711, Integer.MAX_VALUE);
        assertThat(once.play()).isEqualTo(again.play());
        assertThat(once.world().trace().lines()).isEqualTo(again.world().trace().lines());
    }

    private static LongStream seeds() throws IOException {
        Optional<Long> one = Optional.ofNullable(Long.getLong("sim.seed"));
        if (one.isPresent()) {
            return LongStream.of(one.get());
        }
        int count = Integer.getInteger("sim.seeds", SEEDS_IN_THE_BUILD);
        return LongStream.concat(failedOnce(), LongStream.rangeClosed(1, count));
    }

    /** Lines of a seed and, after it, what it once showed. */
    private static LongStream failedOnce() throws IOException {
        List<String> lines = Files.readAllLines(FAILED_ONCE, UTF_8);
        return lines.stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .mapToLong(line -> Long.parseLong(line.split(" ", 2)[0]));
    }

    private static void play(long seed) {
        boolean full = "full".equals(System.getProperty("sim.trace"));
        SimulationRun run = new SimulationRun(seed, full ? Integer.MAX_VALUE : LINES_OF_A_STORY);
        Optional<String> failure = run.play();
        if (failure.isPresent()) {
            fail(run.report(failure.get()));
        }
        if (full) {
            run.world().trace().lines().forEach(System.out::println);
        }
    }
}
