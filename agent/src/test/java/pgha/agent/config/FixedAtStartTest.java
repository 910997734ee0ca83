package pgha.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgha.agent.config.ConfigLoader.Valid;

class FixedAtStartTest {
    private static final String FILE = """
            scope: demo
            namespace: /service/
            name: pg-1
            etcd3: {host: "10.0.0.1:2379"}
            restapi: {listen: "10.0.0.1:8008"}
            postgresql:
              listen: 10.0.0.1:5432
              data_dir: /data
              config_dir: /etc/data
              config_base_name: main
              bin_dir: /usr/lib/15
              authentication: {superuser: {username: postgres}, replication: {username: replicator}}
              parameters: {work_mem: 4MB}
            watchdog: {mode: "off"}
            """;

    @TempDir
    private Path directory;

    @Test
    void whatCanChangeIsTakenOver() throws IOException {
        AgentConfig start = config(FILE);
        AgentConfig next =
                config(FILE.replace("4MB", "8MB").replace("10.0.0.1", "10.0.0.2") + "tags: {nosync: true}\n");

        FixedAtStart read = FixedAtStart.of(start, next);

        assertThat(read.config()).isEqualTo(next);
        assertThat(read.warning()).isEmpty();
    }

    @Test
    void whatCannotChangeStaysAndIsNamedInOneSentence() throws IOException {
        AgentConfig start = config(FILE);
        AgentConfig next = config(FILE.replace("demo", "other")
                        .replace("/service/", "/elsewhere/")
                        .replace("pg-1", "pg-2")
                        .replace(":5432", ":5433")
                        .replace("/data", "/moved")
                        .replace("main", "side")
                        .replace("/usr/lib/15", "/usr/lib/16")
                        .replace("\"off\"", "required")
                + "vip: {address: 10.0.0.9/24, interface: lo}\n");

        FixedAtStart read = FixedAtStart.of(start, next);

        assertThat(read.config()).isEqualTo(start);
        assertThat(read.warning())
                .contains("scope, namespace, name, postgresql.data_dir, postgresql.config_dir,"
                        + " postgresql.config_base_name, postgresql.bin_dir,"
                        + " the port in postgresql.listen, the port in postgresql.connect_address, watchdog, vip:"
                        + " needs a restart of the agent; the value of its start stays in force");
    }

    private AgentConfig config(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("agent.yml"), text);
        return ((Valid<AgentConfig>) ConfigLoader.load(file, Map.of())).config();
    }
}
