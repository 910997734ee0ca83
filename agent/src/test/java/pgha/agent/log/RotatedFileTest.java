package pgha.agent.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    void eachFileHasTheModeThatWasAskedForWhateverTheUmask() throws IOException {
        Path earlier = Files.writeString(directory.resolve("pgha-agent.log"), "1111111\n");
        Files.setPosixFilePermissions(earlier, PosixFilePermissions.fromString("rw-------"));
        RotatedFile.Place place =
                new RotatedFile.Place(directory, "pgha-agent.log", 10, 1, Optional.of(FileMode.parse("0662")));
        try (RotatedFile file = RotatedFile.open(place)) {
            file.write("2222222\n".getBytes(UTF_8));
        }

        assertThat(modeOf("pgha-agent.log")).isEqualTo("rw-rw--w-");
        assertThat(modeOf("pgha-agent.log.1")).isEqualTo("rw-rw--w-");
    }

    @Test
    void aModeThatCannotBeGivenIsNamed() {
        RotatedFile.Place place = new RotatedFile.Place(
                Path.of("/proc/self"), "coredump_filter", 0, 0, Optional.of(FileMode.parse("0640")));

        assertThatThrownBy(() -> RotatedFile.open(place))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot give /proc/self/coredump_filter the mode 0640: ");
    }

    @ParameterizedTest
    @CsvSource({"0640,0640", "0,0000", "420,0644", "0o600,0600", "0777,0777"})
    void aModeIsOctalWithALeadingZero(String text, String mode) {
        assertThat(FileMode.parse(text)).hasToString(mode);
    }

    @ParameterizedTest
    @ValueSource(strings = {"644", "01777", "-1", "rw-r-----", "0888"})
    void whatIsNoModeIsRefused(String text) {
        assertThatThrownBy(() -> FileMode.parse(text))
                .hasMessage("expected an octal number with a leading zero, from 0 to 0777, found \"" + text + "\"");
    }

    @Test
    void aDirectoryThatIsNotThereIsNamed() {
        RotatedFile.Place nowhere =
                new RotatedFile.Place(directory.resolve("none"), "pgha-agent.log", 10, 2, Optional.empty());

        assertThatThrownBy(() -> RotatedFile.open(nowhere))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none/pgha-agent.log");
    }

    private RotatedFile open(long maxBytes, int kept) throws IOException {
        return RotatedFile.open(new RotatedFile.Place(directory, "pgha-agent.log", maxBytes, kept, Optional.empty()));
    }

    private String modeOf(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name)));
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
