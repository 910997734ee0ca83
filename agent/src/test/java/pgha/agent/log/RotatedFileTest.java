package pgha.agent.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatedFileTest {
    @TempDir
    Path directory;

    @Test
    void fullFilesAreRenamedAndTheOldestGoes() throws IOException {
        try (RotatedFile file = open(11, 2)) {
            for (String line : new String[] {"1111111\n", "2222222\n", "3333333\n", "4444444\n", "5\n"}) {
                file.write(line.getBytes(UTF_8));
            }
        }

        assertThat(files())
                .isEqualTo(Map.of(
                        "pgha-agent.log", "4444444\n5\n",
                        "pgha-agent.log.1", "3333333\n",
                        "pgha-agent.log.2", "2222222\n"));
    }

    @Test
    void aFileOfAnEarlierRunIsContinued() throws IOException {
        Files.writeString(directory.resolve("pgha-agent.log"), "earlier\n");
        try (RotatedFile file = open(100, 2)) {
            file.write("later\n".getBytes(UTF_8));
        }

        assertThat(files()).isEqualTo(Map.of("pgha-agent.log", "earlier\nlater\n"));
    }

    @Test
    void withoutANumberOfFilesNothingIsRenamed() throws IOException {
        try (RotatedFile file = open(10, 0)) {
            file.write("1111111\n".getBytes(UTF_8));
            file.write("2222222\n".getBytes(UTF_8));
        }

        assertThat(files()).isEqualTo(Map.of("pgha-agent.log", "1111111\n2222222\n"));
    }

    @Test
    void afterARenamingThatFailedTheFileIsGoneOnWith() throws IOException {
        Path inTheWay = Files.createDirectories(directory.resolve("pgha-agent.log.1/not-empty"));
        try (RotatedFile file = open(10, 1)) {
            file.write("1111111\n".getBytes(UTF_8));
            assertThatThrownBy(() -> file.write("2222222\n".getBytes(UTF_8))).isInstanceOf(IOException.class);
            Files.delete(inTheWay);
            Files.delete(inTheWay.getParent());
            file.write("3\n".getBytes(UTF_8));
        }

        assertThat(files()).isEqualTo(Map.of("pgha-agent.log", "3\n", "pgha-agent.log.1", "1111111\n"));
    }

    @Test
    void aDirectoryThatIsNotThereIsNamed() {
        RotatedFile.Place nowhere = new RotatedFile.Place(directory.resolve("none"), "pgha-agent.log", 10, 2);

        assertThatThrownBy(() -> RotatedFile.open(nowhere))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none/pgha-agent.log");
    }

    private RotatedFile open(long maxBytes, int kept) throws IOException {
        return RotatedFile.open(new RotatedFile.Place(directory, "pgha-agent.log", maxBytes, kept));
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.list(directory)) {
            for (Path path : paths.toList()) {
                files.put(path.getFileName().toString(), Files.readString(path));
            }
        }
        return files;
    }
}
