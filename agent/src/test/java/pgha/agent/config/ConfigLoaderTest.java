package pgha.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import pgha.agent.config.ConfigLoader.Loaded;
import pgha.agent.config.ConfigLoader.Refused;
import pgha.agent.config.ConfigLoader.Valid;
import pgha.agent.config.KnownKeys.Effect;
import pgha.agent.config.YamlValue.Mapping;

class ConfigLoaderTest {
    private static final Path FILES = Path.of("src/test/resources/config");

    /** Each file, or directory of files, has a golden beside it: problems, warnings, and what was understood. */
    @TestFactory
    Stream<DynamicTest> files() throws IOException {
        try (Stream<Path> entries = Files.list(FILES)) {
            return entries.filter(path -> !path.toString().endsWith(".golden")).sorted().toList().stream()
                    .map(path -> DynamicTest.dynamicTest(path.getFileName().toString(), () -> compare(path)));
        }
    }

    private static void compare(Path file) throws IOException {
        String actual = report(ConfigLoader.load(file));
        Path golden = Path.of(file + ".golden");
        if (Boolean.getBoolean("rewrite")) {
            Files.writeString(golden, actual);
        }
        assertThat(actual).isEqualTo(Files.readString(golden));
        assertThat(actual).doesNotContain("secret", "zalando", "rep-pass", "rewind_password", "hush");
    }

    private static String report(Loaded<AgentConfig> loaded) {
        StringBuilder report = new StringBuilder();
        if (loaded instanceof Refused<AgentConfig> refused) {
            refused.problems()
                    .forEach(line -> report.append("error   ").append(line).append('\n'));
        }
        loaded.warnings().forEach(line -> report.append("warning ").append(line).append('\n'));
        if (loaded instanceof Valid<AgentConfig> valid) {
            print("", valid.config(), report);
        }
        return report.toString();
    }

    /** One line for each value, except where a record hides something. */
    private static void print(String path, Object value, StringBuilder to) {
        boolean hides = value.toString().contains("***") && !value.toString().contains("[");
        if (value instanceof Optional<?> optional) {
            optional.ifPresentOrElse(
                    inner -> print(path, inner, to), () -> to.append(path).append(" -\n"));
        } else if (value instanceof Record part
                && !hides
                && part.getClass().getName().contains("config")) {
            for (RecordComponent component : part.getClass().getRecordComponents()) {
                String name = path.isEmpty() ? component.getName() : path + "." + component.getName();
                print(name, get(part, component), to);
            }
        } else if (value instanceof Collection<?> items && !items.isEmpty()) {
            items.forEach(item -> to.append(path).append(" + ").append(item).append('\n'));
        } else {
            to.append(path).append(" = ").append(value).append('\n');
        }
    }

    private static Object get(Record owner, RecordComponent component) {
        try {
            return component.getAccessor().invoke(owner);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(component.getName(), e);
        }
    }

    @Test
    void aFileThatIsNotThereIsOneSentence() {
        assertThat(ConfigLoader.load(Path.of("/no/such/agent.yml")))
                .isEqualTo(
                        new Refused<AgentConfig>(List.of("cannot read /no/such/agent.yml: no such file"), List.of()));
    }

    @Test
    void theEnvironmentIsOverTheFile(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("agent.yml");
        Files.writeString(file, """
                scope: demo
                name: pg-1
                etcd3: {host: "10.0.0.1:2379"}
                restapi: {listen: "10.0.0.1:8008", authentication: {username: ann, password: old}}
                postgresql:
                  listen: 10.0.0.1:5432
                  data_dir: /data
                  authentication: {superuser: {username: postgres}, replication: {username: replicator}}
                """);
        Map<String, String> environment = Map.of(
                "PATRONI_NAME",
                "pg-2",
                "PATRONI_ETCD3_HOSTS",
                "10.0.0.2:2379, '10.0.0.3:2379'",
                "PATRONI_ETCD3_USERNAME",
                "eve",
                "PATRONI_ETCD3_PASSWORD",
                "0x1: {",
                "PATRONI_RESTAPI_PASSWORD",
                "new",
                "PATRONI_POSTGRESQL_DATA_DIR",
                "/other",
                "PATRONI_SUPERUSER_USERNAME",
                "root",
                "PATRONI_REPLICATION_PASSWORD",
                "123");

        Valid<AgentConfig> valid = (Valid<AgentConfig>) ConfigLoader.load(file, environment);

        AgentConfig config = valid.config();
        assertThat(config.name().value()).isEqualTo("pg-2");
        assertThat(config.dcs().endpoints())
                .extracting(Object::toString)
                .containsExactly("10.0.0.2:2379", "10.0.0.3:2379");
        assertThat(config.dcs().credentials().orElseThrow().password()).isEqualTo("0x1: {");
        assertThat(config.postgres().dataDirectory()).isEqualTo(Path.of("/other"));
        assertThat(config.postgres().superuser().name()).isEqualTo("root");
        assertThat(config.postgres().replication().password()).contains("123");
    }

    @Test
    void whatTheLogsVariablesWereCalledBeforeStillCounts() {
        Map<String, String> before = Map.of(
                "PATRONI_LOGLEVEL", "DEBUG",
                "PATRONI_LOGFORMAT", "%(message)s",
                "PATRONI_LOG_DATEFMT", "%H:%M",
                "PATRONI_LOG_FORMAT", "%(levelname)s %(message)s");

        String read = new EnvironmentVariables(before, new Problems())
                .configuration()
                .entries()
                .toString();

        assertThat(read).contains("DEBUG", "%H:%M", "%(levelname)s").doesNotContain("=%(message)s");
    }

    @Test
    void whatIsOfTheWholeClusterHasNoEffectInANodesFile(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("agent.yml");
        Files.writeString(file, """
                scope: demo
                name: pg-1
                etcd3: {host: "10.0.0.1:2379"}
                restapi: {listen: "10.0.0.1:8008"}
                postgresql:
                  listen: 10.0.0.1:5432
                  data_dir: /data
                  authentication: {superuser: {username: postgres}, replication: {username: replicator}}
                  parameters: {max_connections: 500, work_mem: 8MB}
                  parameters_replica: {hot_standby_feedback: on, wal_level: minimal}
                  recovery_conf: {restore_command: "cp %f %p"}
                  pg_hba_primary: [local all all peer]
                  pg_hba: []
                """);

        Valid<AgentConfig> valid = (Valid<AgentConfig>) ConfigLoader.load(file, Map.of());

        ServerSettings postgres = valid.config().postgres().server();
        assertThat(postgres.allParameters()).isEqualTo(Map.of("work_mem", "8MB", "restore_command", "cp %f %p"));
        assertThat(postgres.onReplica().parameters()).isEqualTo(Map.of("hot_standby_feedback", "on"));
        assertThat(postgres.onPrimary().pgHba()).contains(List.of("local all all peer"));
        assertThat(postgres.pgHba()).as("a file that lets nobody in").isEmpty();
        assertThat(valid.warnings())
                .hasSize(2)
                .allMatch(line -> line.contains("has no effect here; it is a setting of the whole cluster"));
    }

    @Test
    void programsOfOtherNamesAreWarnedOf(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("agent.yml");
        Files.writeString(file, """
                scope: demo
                name: pg-1
                etcd3: {host: "10.0.0.1:2379"}
                restapi: {listen: "10.0.0.1:8008"}
                postgresql:
                  listen: 10.0.0.1:5432
                  data_dir: /data
                  bin_name: {postgres: postgres-15, pg_ctl: pg_ctl}
                  authentication: {superuser: {username: postgres}, replication: {username: replicator}}
                """);

        assertThat(ConfigLoader.load(file, Map.of()).warnings())
                .singleElement()
                .asString()
                .contains("agent.yml:8: postgresql.bin_name.postgres: has no effect");
    }

    @Test
    void withoutAFileTheEnvironmentMayHoldADocumentOrAllOfIt(@TempDir Path directory) {
        Path missing = directory.resolve("missing.yml");
        Map<String, String> parts = Map.of(
                "PATRONI_SCOPE", "demo",
                "PATRONI_NAME", "pg-2",
                "PATRONI_ETCD3_HOST", "10.0.0.2:2379",
                "PATRONI_RESTAPI_LISTEN", "10.0.0.1:8008",
                "PATRONI_POSTGRESQL_LISTEN", "10.0.0.1:5432",
                "PATRONI_POSTGRESQL_DATA_DIR", "/data",
                "PATRONI_SUPERUSER_USERNAME", "postgres",
                "PATRONI_REPLICATION_USERNAME", "replicator");
        Map<String, String> document = Map.of("PATRONI_CONFIGURATION", "[not, a, mapping]", "PATRONI_NAME", "pg-2");

        assertThat(ConfigLoader.load(missing, parts)).isInstanceOf(Valid.class);
        assertThat(((Refused<AgentConfig>) ConfigLoader.load(missing, document)).problems())
                .containsExactly("PATRONI_CONFIGURATION: expected a mapping of sections");
        assertThat(ConfigLoader.load(missing, Map.of("PATRONI_NAME", "pg-2"))).isInstanceOf(Refused.class);
    }

    @Test
    void theSampleOfTheDistributionIsValid() {
        Loaded<AgentConfig> loaded = ConfigLoader.load(Path.of("../packaging/src/main/dist/etc/agent.yml"));

        assertThat(loaded).isInstanceOf(Valid.class);
        assertThat(loaded.warnings()).isEmpty();
    }

    @Test
    void aSymbolicLinkIsFollowed(@TempDir Path directory) throws IOException {
        Path link = Files.createSymbolicLink(
                directory.resolve("patroni.yml"),
                FILES.resolve("patroni-sample.yml").toAbsolutePath());

        assertThat(ConfigLoader.load(link)).isInstanceOf(Valid.class);
    }

    @Test
    void aDirectoryWithoutFilesIsRefused(@TempDir Path directory) {
        assertThat(ConfigLoader.load(directory)).isInstanceOfSatisfying(Refused.class, refused -> assertThat(
                        refused.problems().toString())
                .contains("cannot read the configuration: no *.yml file in "));
    }

    @Test
    void aClientNeedsNeitherANameNorAScope(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("patronictl.yml");
        Files.writeString(file, """
                namespace: /pg/
                etcd3: {hosts: "10.10.10.10:2379", protocol: https, cacert: /infra/ca.crt, username: root, password: r}
                restapi: {insecure: true, authentication: {username: postgres, password: p, verify_client: none}}
                """);

        assertThat(ConfigLoader.loadForClient(file)).isInstanceOfSatisfying(Valid.class, valid -> {
            ClientConfig config = (ClientConfig) valid.config();
            assertThat(config.scope()).isEmpty();
            assertThat(config.dcs("pg-test").prefix()).isEqualTo("/pg/pg-test/");
            assertThat(config.ctl().auth()).hasToString("Optional[postgres:***]");
        });
    }

    /** Patroni's least is 20, ours 5: a file that no cluster could begin with may have been on a node for years. */
    @Test
    void mistakesInTheBeginningDoNotKeepANodeOfARunningClusterFromStarting(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("agent.yml");
        Files.writeString(file, """
                scope: demo
                name: pg-1
                etcd3: {host: "10.0.0.1:2379"}
                restapi: {listen: "10.0.0.1:8008"}
                bootstrap: {dcs: {ttl: 3}}
                postgresql:
                  listen: 10.0.0.1:5432
                  data_dir: %s
                  authentication: {superuser: {username: postgres}, replication: {username: replicator}}
                """.formatted(directory));

        assertThat(ConfigLoader.load(file, Map.of())).isInstanceOf(Refused.class);
        Files.writeString(directory.resolve("PG_VERSION"), "15\n");
        Loaded<AgentConfig> loaded = ConfigLoader.load(file, Map.of());

        assertThat(loaded).isInstanceOf(Valid.class);
        assertThat(loaded.warnings()).singleElement().asString().contains("bootstrap.dcs.ttl");
    }

    /** A key that is read and not in the table would be called unknown; one in the table and not read would be a lie. */
    @Test
    void theTableOfKeysIsWhatTheSectionsRead() {
        Set<String> read = new TreeSet<>();
        Problems problems = new Problems();
        for (String file :
                List.of("patroni-sample.yml", "pigsty.yml", "vips.yml", "broken.yml", "pieces", "log-json.yml")) {
            Mapping root = new YamlFiles(problems).read(FILES.resolve(file)).orElseThrow();
            ConfigLoader.agent(root, problems, read);
        }
        Set<String> effective = KnownKeys.load().all().stream()
                .filter(key -> key.effect() == Effect.YES)
                .map(key -> key.path().replaceFirst("\\.\\*{1,2}$", ""))
                .filter(path -> !path.startsWith("bootstrap.dcs"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(read).containsAll(effective);
        read.removeAll(ConfigLoader.REFUSED.keySet());
        // Sections of the user's own naming.
        read.removeIf(path -> path.matches("(postgresql|bootstrap)\\.pgbackrest(\\..*)?"));
        assertThat(read).allMatch(ConfigLoaderTest::isInTheTable);
    }

    /** As a key or a section; whatever is in a section of texts by name is. */
    private static boolean isInTheTable(String path) {
        return KnownKeys.load().all().stream()
                .map(KnownKeys.Key::path)
                .anyMatch(key -> key.equals(path)
                        || key.startsWith(path + ".")
                        || (key.endsWith(".*") && path.startsWith(key.substring(0, key.length() - 1))));
    }

    @Test
    void lettersApart() {
        assertThat(KnownKeys.distance("listn", "listen")).isEqualTo(1);
        assertThat(KnownKeys.distance("", "abc")).isEqualTo(3);
        assertThat(KnownKeys.distance("nmae", "name")).isEqualTo(1);
    }
}
