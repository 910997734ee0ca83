package pgha.agent.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgha.agent.config.ConfigLoader;

/** A file of a server, as a golden file, and as the agent reads it. */
class GeneratedConfigTest {
    private static final Path GOLDEN = Path.of("src/test/resources/setup/generated.yml");

    private static String generated() {
        Map<String, String> settings = new TreeMap<>(Map.of(
                "data_directory", "/var/lib/postgresql/15/main",
                "config_file", "/etc/postgresql/15/main/main.conf",
                "hba_file", "/etc/postgresql/15/main/pg_hba.conf",
                "ident_file", "/etc/postgresql/15/main/pg_ident.conf",
                "listen_addresses", "localhost, 10.0.0.11",
                "port", "5433",
                "cluster_name", "15/main",
                "max_connections", "250",
                "shared_buffers", "1GB",
                "log_line_prefix", "%m [%p] "));
        RunningServer server = new RunningServer(
                Dsn.parse("host=/run/postgresql port=5433 user=postgres", Map.of()),
                new TreeMap<>(settings),
                Optional.of(Path.of("/usr/lib/postgresql/15/bin")),
                List.of("local all all peer", "host all all 10.0.0.0/24 scram-sha-256"),
                List.of());
        return GeneratedConfig.render(server, "pg-1", "10.0.0.11");
    }

    @Test
    void aFileKeepsWhatSomebodyHasSet() throws IOException {
        String actual = generated();
        if (Boolean.getBoolean("rewrite")) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, actual);
        }
        assertThat(actual).isEqualTo(Files.readString(GOLDEN));
    }

    @Test
    void theAgentReadsItOnceTheGapsAreFilled(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(
                directory.resolve("agent.yml"),
                generated().replace("'#FIXME'", "10.0.0.21").replace("15/main\n", "demo\n"));

        var loaded = ConfigLoader.load(file);
        assertThat(loaded).isInstanceOf(ConfigLoader.Valid.class);
        assertThat(loaded.warnings()).isEmpty();
    }

    @Test
    void aDsnIsWhatLibpqTakes() {
        Map<String, String> environment = Map.of("PGUSER", "admin", "PGPORT", "6432", "PGPASSWORD", "word");

        assertThat(Dsn.parse("", environment)).hasToString("/var/run/postgresql:6432 as admin");
        assertThat(Dsn.parse("host=db port=5433 user='over it' dbname = x", environment)
                        .database())
                .isEqualTo("x");
        Dsn url = Dsn.parse("postgresql://me:p%40ss@db.example:5433/app", environment);
        assertThat(url).hasToString("db.example:5433 as me");
        assertThat(url.password()).contains("p@ss");
        assertThatThrownBy(() -> Dsn.parse("secret", environment))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }
}
