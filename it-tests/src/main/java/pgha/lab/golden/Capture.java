package pgha.lab.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import pgha.lab.Command;
import pgha.lab.Lab;
import pgha.lab.LabOptions;
import pgha.lab.cluster.ClusterOptions;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;

/**
 * Runs a cluster of the machine's Patronis and writes down what it says.
 *
 * <p>As root, from the top of the source, after {@code mvn -DskipTests package}, with a JDK from 21 up:
 *
 * <pre>
 *   java --enable-native-access=ALL-UNNAMED -cp 'it-tests/target/classes:it-tests/target/tour/*' pgha.lab.golden.Capture
 *   git status it-tests/src/test/resources/patroni
 * </pre>
 *
 * <p>The second line says that nothing has changed: whatever differs from run to run is masked, and the cluster is at rest.
 * Another directory may be given as an argument.
 */
public final class Capture {
    private static final Path DIRECTORY = Path.of("it-tests/src/test/resources/patroni");
    private static final String LAB = "golden";

    private Capture() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = arguments.length == 0 ? DIRECTORY : Path.of(arguments[0]);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Lab.destroy(LAB)));
        try (LabCluster cluster = prepare(LAB)) {
            SortedMap<String, String> documents = Documents.of(cluster, new Patroni());
            for (Map.Entry<String, String> document : documents.entrySet()) {
                Path file = directory.resolve(document.getKey());
                Files.createDirectories(file.getParent());
                Files.writeString(file, document.getValue());
            }
            System.out.println(documents.size() + " documents are in " + directory);
        }
        System.exit(0);
    }

    /** A lab of that name, with the timing that Patroni takes, and with a tagged pg-3. */
    public static LabCluster prepare(String name) {
        LabCluster cluster = LabCluster.prepare(
                LabOptions.named(name),
                ClusterOptions.of(name, LabOptions.named(name).vip())
                        .withTtl(20)
                        .withVips());
        for (LabNode node : cluster.nodes()) {
            String yaml = node.configuration()
                    .replaceFirst("loop_wait: \\d+", "loop_wait: 2")
                    .replaceFirst("retry_timeout: \\d+", "retry_timeout: 5");
            String own = node == cluster.nodes().getLast() ? Documents.tagged(yaml) : yaml;
            node.configure(own);
            node.configurePatroni(own);
        }
        return cluster;
    }

    private static final class Patroni implements Documents.Contender {
        @Override
        public void start(LabNode node) {
            node.startPatroni();
        }

        @Override
        public Command.Result control(LabNode node, String... arguments) {
            return node.patronictl(arguments);
        }
    }
}
