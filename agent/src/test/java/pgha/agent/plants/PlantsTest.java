package pgha.agent.plants;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import pgha.agent.sim.PlayedSeed;
import pgha.agent.sim.PlayedStory;

/**
 * Every planted bug is found by the seed that its file names, and that seed finds nothing without it; or by the story that
 * it names, which ends otherwise with it.
 *
 * <p>{@code -Dplants.search=N} looks for the first of N seeds that finds each, and writes it into its file; {@code
 * -Dplants.only=NAME,NAME} takes those alone.
 */
class PlantsTest {
    private static final int FEWEST = 25;
    private static final int AT_ONCE = 32;

    @TempDir
    private Path directory;

    @TestFactory
    Stream<DynamicTest> theSimulationFindsIt() throws IOException {
        List<String> only = List.of(System.getProperty("plants.only", "").split(","));
        return Plant.all().stream()
                .filter(plant -> only.equals(List.of("")) || only.contains(plant.name()))
                .map(plant -> DynamicTest.dynamicTest(plant.name(), () -> find(plant)));
    }

    @Test
    void thereAreEnough() throws IOException {
        assertThat(Plant.all()).hasSizeGreaterThanOrEqualTo(FEWEST);
    }

    private void find(Plant plant) throws Exception {
        Path compiled = java.nio.file.Files.createDirectory(directory.resolve(plant.name()));
        try (PlantedClasses classes = PlantedClasses.compile(plant, compiled)) {
            if (plant.story().isPresent()) {
                findByStory(plant, classes.playedStory(), plant.story().get());
                return;
            }
            MethodHandle play = classes.playedSeed();
            Integer most = Integer.getInteger("plants.search");
            if (most != null && plant.seed().isEmpty()) {
                search(plant, play, most);
                return;
            }
            assertThat(plant.seed())
                    .as("a seed that finds it; -Dplants.search=N looks for one")
                    .isPresent();
            long seed = plant.seed().getAsLong();
            String found = failure(play, seed);
            assertThat(found).as("%s: %s", plant.name(), plant.title()).isNotEmpty();
            assertThat(PlayedSeed.failure(seed)).as("without the bug").isEmpty();
            tell(plant, seed, found);
        }
    }

    /** {@link pgha.agent.scenario.ScenarioTest} sees to it that the outcome without the bug is the one in the file. */
    private static void findByStory(Plant plant, MethodHandle play, String story) {
        List<String> safe = PlayedStory.outcome(story).lines().toList();
        List<String> otherwise = new ArrayList<>(outcome(play, story).lines().toList());
        assertThat(otherwise)
                .as("how %s ends with %s: %s", story, plant.name(), plant.title())
                .isNotEqualTo(safe);
        otherwise.removeAll(safe);
        System.out.printf(
                "planted bug found by story: %-44s %s: %s%n", plant.name(), story, String.join("; ", otherwise));
    }

    private static String outcome(MethodHandle play, String story) {
        try {
            return (String) play.invokeExact(story);
        } catch (Throwable e) {
            throw new IllegalStateException("the planted class cannot be played, which is no finding", e);
        }
    }

    private static void search(Plant plant, MethodHandle play, int most) throws IOException {
        OptionalLong finder = OptionalLong.empty();
        for (long from = 1; from <= most && finder.isEmpty(); from += AT_ONCE) {
            finder = LongStream.range(from, from + AT_ONCE)
                    .parallel()
                    .filter(seed -> !failure(play, seed).isEmpty())
                    .min();
        }
        assertThat(finder).as("%s survives %d seeds", plant.name(), most).isPresent();
        plant.foundBy(finder.getAsLong());
        tell(plant, finder.getAsLong(), failure(play, finder.getAsLong()));
    }

    /** Seeds are played from 1 on: the number is also after how many it is found. */
    private static void tell(Plant plant, long seed, String found) {
        System.out.printf("planted bug found by seed %5d: %-44s %s%n", seed, plant.name(), found);
    }

    private static String failure(MethodHandle play, long seed) {
        try {
            return (String) play.invokeExact(seed);
        } catch (Throwable e) {
            throw new IllegalStateException("the planted class cannot be played, which is no finding", e);
        }
    }
}
