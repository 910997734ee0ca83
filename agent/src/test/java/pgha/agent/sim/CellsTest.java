package pgha.agent.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import pgha.agent.scenario.DataDriven;

/**
 * The stories come to every situation and give every reason. Seeds do not count: what only they come to changes with every
 * fault that is added, and nobody has read what is decided there.
 */
class CellsTest {
    private static final Path NEVER_REACHED = Path.of("src/test/resources/cells-never-reached.txt");

    @Test
    void storiesComeToEverySituationAndEveryReason() throws IOException {
        SortedSet<String> missing = missing();
        SortedSet<String> listed = new TreeSet<>();
        for (String line : Files.readAllLines(NEVER_REACHED, UTF_8)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                assertThat(line).as("a line of %s", NEVER_REACHED).contains(": ");
                listed.add(line.split(": ", 2)[0]);
            }
        }
        assertThat(missing)
                .as("what no story comes to, against what %s explains", NEVER_REACHED)
                .isEqualTo(listed);
    }

    private static SortedSet<String> missing() {
        Cells reached = new Cells();
        List<DataDriven> stories = DataDriven.files("scenarios");
        for (DataDriven story : stories) {
            ScenarioWorld world = new ScenarioWorld();
            story.run(world::execute);
            reached.addAll(world.cells());
        }
        return reached.missing();
    }
}
