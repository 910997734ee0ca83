package pgha.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgha.agent.os.ProcessTable;
import pgha.agent.os.Spawner;
import pgha.agent.os.Threads;

final class PostmasterTest {
    @TempDir
    Path dataDir;

    /**
     * What a process of PostgreSQL looks like between the loss of its memory and the end of its sockets. If it were taken
     * for gone, the address would go before the client is told, which would then wait for an answer for ever.
     */
    @Test
    void aChildWithoutATitleStillHasItsClient() throws IOException {
        Path program = dataDir.resolve("postgres");
        Files.copy(Path.of("/bin/bash"), program, StandardCopyOption.COPY_ATTRIBUTES);
        Process server = new ProcessBuilder(
                        program.toString(), "-c", "exec -a '' cat <&0 & echo $!; wait; exec sleep infinity")
                .directory(dataDir.toFile())
                .start();
        try {
            int child = Integer.parseInt(server.inputReader().readLine());
            while (!ProcessTable.title(child).isEmpty()) {
                Thread.onSpinWait();
            }
            Threads threads = new Threads((thread, e) -> {});
            Postmaster postmaster = new Postmaster(dataDir, "test", new Spawner(threads), threads, pid -> {});
            Files.write(
                    dataDir.resolve("postmaster.pid"),
                    List.of(Long.toString(server.pid()), dataDir.toString(), "0", "5432", "", "", "", "stopping"));
            postmaster.adopt();
            assertThat(postmaster.isWriterStopped()).isFalse();

            Optional<ProcessHandle> handle = ProcessHandle.of(child);
            server.outputWriter().close();
            handle.ifPresent(h -> h.onExit().join());

            assertThat(postmaster.isWriterStopped()).isTrue();
        } finally {
            server.descendants().forEach(ProcessHandle::destroyForcibly);
            server.destroyForcibly();
        }
    }
}
