package pgha.it.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgha.lab.Command;

/** What the packaged agent tells systemd from its start to its end, in a network of its own and without a store. */
class NotifyIT {
    @TempDir
    Path directory;

    @BeforeEach
    void letPostgresIn() {
        Command.run("chmod", "777", directory.toString()).orThrow();
    }

    @Test
    void systemdHearsOfTheStartEachPingAReloadAndTheEnd() throws Exception {
        Path socket = directory.resolve("notify");
        try (NotifySocket systemd = NotifySocket.bind(socket)) {
            Process agent = startAgent(Map.of(
                    "NOTIFY_SOCKET", socket.toString(),
                    "WATCHDOG_USEC", "600000",
                    "RUNTIME_DIRECTORY", directory.resolve("run").toString()));
            try {
                assertThat(systemd.await("READY=1")).contains("STATUS=");
                systemd.await("WATCHDOG=1");
                systemd.await("WATCHDOG=1");
                signal("HUP", agent);
                assertThat(systemd.await("RELOADING=1")).contains("MONOTONIC_USEC=");
                systemd.await("READY=1");
                signal("TERM", agent);
                assertThat(systemd.await("STOPPING=1")).contains("STATUS=");
                assertThat(agent.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(agent.exitValue()).isZero();
            } finally {
                agent.destroyForcibly();
            }
        }
    }

    private Process startAgent(Map<String, String> environment) throws IOException {
        Path configuration = Files.writeString(directory.resolve("agent.yml"), """
                scope: notified
                name: notified-1
                restapi: {listen: '127.0.0.1:8008'}
                etcd3: {host: '127.0.0.1:2379'}
                postgresql:
                  listen: 127.0.0.1:5432
                  data_dir: %1$s/data
                  pgpass: %1$s/pgpass
                  authentication:
                    superuser: {username: postgres}
                    replication: {username: replicator, password: secret}
                """.formatted(directory));
        Distribution installed = Distribution.built().copyTo(directory.resolve("installed"));
        List<String> command = new ArrayList<>(
                List.of("unshare", "--net", "bash", "-c", "ip link set lo up && exec \"$@\"", "in-a-network"));
        command.addAll(Distribution.asPostgres(
                Path.of("/"), environment, installed.program("pgha-agent"), configuration.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("agent.log").toFile())
                .start();
    }

    private static void signal(String name, Process agent) {
        Command.run("kill", "-s", name, Long.toString(agent.pid())).orThrow();
    }
}
