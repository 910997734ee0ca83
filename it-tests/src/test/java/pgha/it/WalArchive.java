package pgha.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import pgha.lab.cluster.ClusterOptions;

/**
 * Where all nodes of a cluster keep their WAL for one another, as pgBackRest's repository does in real life.
 *
 * <p>A copy that was made a moment ago has none that a server may need which is rewound against it. Registered before
 * the cluster, it goes after it.
 */
final class WalArchive implements AfterAllCallback {
    /** Every host of the lab has a /tmp of its own; this they share. */
    private static final Path SHARED = Path.of("/var/tmp");

    private final Path directory;

    private WalArchive(Path directory) {
        this.directory = directory;
    }

    static WalArchive named(String name) {
        try {
            Path directory = Files.createTempDirectory(SHARED, name);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
            return new WalArchive(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ClusterOptions usedBy(ClusterOptions options) {
        return options.withParameter("archive_mode", "\"on\"")
                .withParameter("archive_command", "cp %p " + directory + "/%f")
                .withParameter("restore_command", "cp " + directory + "/%f %p");
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        try (Stream<Path> inside = Files.walk(directory)) {
            List<Path> deepestFirst = inside.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        }
    }
}
