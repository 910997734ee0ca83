package pgha.agent.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpawnerTest {
    private final Spawner spawner = new Spawner(new Threads((thread, e) -> {
        throw new AssertionError(e);
    }));

    @TempDir
    private Path directory;

    @Test
    void givesAProgramNothingOfOurs() throws Exception {
        Path output = directory.resolve("output");
        int pid = spawner.spawn(shell(
                "echo $(cut -d' ' -f6 /proc/$$/stat) $HELLO ${HOME-none};"
                        + " pwd; exec grep -E 'SigBlk|CapInh|CapAmb' /proc/self/status",
                output));

        assertThat(PidFd.exitCode(pid)).isZero();
        assertThat(Files.readString(output).lines().map(line -> line.replaceAll("\\s+", " ")))
                .containsExactlyInAnyOrder(
                        pid + " world none",
                        "SigBlk: 0000000000000000",
                        "CapInh: 0000000000000000",
                        "CapAmb: 0000000000000000",
                        "/");
    }

    @Test
    void tellsWhatCannotBeExecuted() {
        assertThatThrownBy(() -> spawner.spawn(
                        new Command(Path.of("/no/such"), List.of(), new TreeMap<>(), directory.resolve("output"))))
                .isInstanceOf(SpawnException.class)
                .hasMessage("cannot execute /no/such: it or the directory of its output does not exist (2)");
    }

    @Test
    void hearsOfTheEndOfAProgram() throws Exception {
        int pid = spawner.spawn(shell("exec sleep 600", directory.resolve("output")));
        try (PidFd process = PidFd.open(pid).orElseThrow()) {
            assertThat(process.hasExited()).isFalse();
            assertThat(ProcessTable.isAlive(pid)).isTrue();
            assertThat(ProcessTable.childrenOf((int) ProcessHandle.current().pid()))
                    .isNotNull();

            assertThat(process.signal(Signal.KILL)).isTrue();

            assertThat(process.awaitExit(Duration.ofSeconds(10))).isTrue();
            assertThat(ProcessTable.isAlive(pid)).isFalse();
            assertThat(PidFd.exitCode(pid)).isEqualTo(137);
        }
        assertThat(PidFd.open(pid)).isEmpty();
    }

    @Test
    void findsProgramsByTheirDirectory() throws IOException {
        int ourselves = (int) ProcessHandle.current().pid();

        assertThat(ProcessTable.programOf(ourselves)).contains("java");
        assertThat(ProcessTable.worksIn(ourselves, Path.of("").toAbsolutePath()))
                .isTrue();
        assertThat(ProcessTable.runningIn(directory, "java")).isEmpty();
    }

    private static Command shell(String script, Path output) {
        return new Command(
                Path.of("/bin/sh"),
                List.of("-c", script),
                new TreeMap<>(Map.of("HELLO", "world", "PATH", "/usr/bin:/bin")),
                output);
    }
}
