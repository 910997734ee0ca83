package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import pgha.lab.Command;
import pgha.lab.Lab;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.golden.Capture;
import pgha.lab.golden.Difference;
import pgha.lab.golden.Documents;

/**
 * What a cluster of ours says differs from what Patroni says only in the fields that {@code differences.txt} lists, each
 * with both values and under a reason.
 */
final class PatronisDocumentsIT {
    private static final Path PATRONIS = Path.of("src/test/resources/patroni");
    private static final Path DIFFERENCES = PATRONIS.resolve("differences.txt");
    private static final String LAB = "documentsit";

    @Test
    void everyFieldIsAsPatronisOrIsListedWithAReasonNotToBe() throws IOException {
        List<String> differences;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Lab.destroy(LAB)));
        try (LabCluster cluster = Capture.prepare(LAB)) {
            differences = Difference.between(patronis(), Documents.of(cluster, new Agents())).stream()
                    .map(Difference::toString)
                    .toList();
        }

        assertThat(differences).containsExactlyInAnyOrderElementsOf(listed());
    }

    @Test
    void everyListedDifferenceHasAReason() throws IOException {
        assertThat(Files.readAllLines(DIFFERENCES).stream()
                        .filter(line -> !line.startsWith("#"))
                        .dropWhile(String::isBlank)
                        .findFirst())
                .hasValueSatisfying(first -> assertThat(first).startsWith("= "));
        assertThat(Files.readString(DIFFERENCES))
                .as("reasons without a difference, or empty")
                .doesNotContainPattern("(?m)^= .*\\n(\\s*\\n|=|\\z)")
                .doesNotContainPattern("(?m)^=\\s*$");
    }

    private static List<String> listed() throws IOException {
        List<String> listed = new ArrayList<>(Files.readAllLines(DIFFERENCES));
        listed.removeIf(line -> line.isBlank() || line.startsWith("#") || line.startsWith("="));
        return listed.stream().map(String::stripTrailing).toList();
    }

    private static final class Agents implements Documents.Contender {
        @Override
        public void start(LabNode node) {
            node.startAgent();
        }

        @Override
        public Command.Result control(LabNode node, String... arguments) {
            return node.agentctl(arguments);
        }
    }

    private static SortedMap<String, String> patronis() throws IOException {
        SortedMap<String, String> documents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(PATRONIS)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.equals(DIFFERENCES)) {
                    documents.put(PATRONIS.relativize(file).toString(), Files.readString(file));
                }
            }
        }
        return documents;
    }
}
