package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import pgha.lab.Command;
import pgha.lab.LabProcess;
import pgha.lab.Launch;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.ClusterOptions;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;

/** What the agent cannot work with is refused in one clear sentence and with its exit code. */
final class BadInputIT {
    private static final int CONFIGURATION_REFUSED = 78;
    private static final int FOREIGN_DATA = 65;
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final String FILE = "/var/lib/postgresql/bad.yml";

    private static LabCluster cluster;
    private static LabNode node;

    @BeforeAll
    static void prepare() {
        cluster = ClusterRig.create("badinputit", options -> options);
        node = cluster.node("pg-1");
    }

    @AfterAll
    static void remove() {
        cluster.close();
    }

    @AfterEach
    void clear() {
        node.host().processes().stream()
                .filter(process ->
                        process.pidInHost() != 1 && !process.commandLine().startsWith("sleep infinity"))
                .forEach(process -> process.signal(Signal.KILL));
        node.host().exec("bash", "-c", "rm -rf /var/lib/postgresql/data").orThrow();
        cluster.etcd().etcdctl("del", "--prefix", "/service/").orThrow();
    }

    @Test
    void wrongTypes() {
        refuses(
                yaml -> yaml.replace("use_unix_socket: true", "use_unix_socket: [perhaps]"),
                CONFIGURATION_REFUSED,
                "postgresql.use_unix_socket");
    }

    @Test
    void allProblemsAtOnceWithTheirLines() {
        String said = refuses(
                yaml -> yaml.replace("use_unix_socket: true", "use_unix_socket: [perhaps]")
                        .replace("scope: badinputit\n", ""),
                CONFIGURATION_REFUSED,
                "scope");
        assertThat(said).contains("postgresql.use_unix_socket").containsPattern("bad\\.yml:\\d+: ");
    }

    @Test
    void aLeaseThatIsTooShort() {
        refuses(yaml -> yaml.replace("ttl: 5", "ttl: 2"), CONFIGURATION_REFUSED, "ttl");
    }

    @Test
    void anInterfaceThatIsNotThere() {
        refuses(yaml -> yaml.replace("interface: eth0", "interface: eth9"), CONFIGURATION_REFUSED, "eth9");
    }

    @Test
    void aDataDirectoryOfAnotherOwner() {
        node.host()
                .exec("bash", "-c", "mkdir /var/lib/postgresql/data && echo 15 >/var/lib/postgresql/data/PG_VERSION")
                .orThrow();

        refuses(UnaryOperator.identity(), CONFIGURATION_REFUSED, "/var/lib/postgresql/data");
    }

    @Test
    void aDataDirectoryOfAnotherSystem() {
        node.host()
                .exec(LIMIT, Launch.as("postgres", cluster.postgresProgram("initdb"), "-D", LabNode.DATA, "-N"))
                .orThrow();
        cluster.etcd()
                .etcdctl("put", "/service/badinputit/initialize", "7000000000000000001")
                .orThrow();

        refuses(UnaryOperator.identity(), FOREIGN_DATA, "7000000000000000001");
    }

    @Test
    void aPortThatIsTaken() {
        node.host()
                .start(
                        "taker",
                        Launch.as(
                                "root",
                                "etcd",
                                "--data-dir",
                                "/tmp/taker",
                                "--listen-client-urls",
                                "http://0.0.0.0:8008",
                                "--advertise-client-urls",
                                "http://10.77.0.11:8008",
                                "--listen-peer-urls",
                                "http://127.0.0.1:9999"));

        refuses(UnaryOperator.identity(), CONFIGURATION_REFUSED, "8008");
    }

    @Test
    void aWrongPasswordForEtcd() {
        cluster.etcd().etcdctl("user", "add", "root:right").orThrow();
        cluster.etcd().etcdctl("user", "grant-role", "root", "root").orThrow();
        cluster.etcd().etcdctl("auth", "enable").orThrow();
        try {
            refuses(
                    yaml -> yaml.replace("etcd3:\n", "etcd3:\n  username: root\n  password: wrong\n"),
                    CONFIGURATION_REFUSED,
                    "password");
        } finally {
            cluster.etcd().etcdctl("--user", "root:right", "auth", "disable").orThrow();
        }
    }

    @Test
    void aSecondAgentWithTheSameName() {
        LabNode first = cluster.node("pg-2");
        first.configure(cluster.yaml(first, ClusterOptions.of("badinputit", "10.77.0.100")));
        LabProcess running = first.startAgent();
        Patience.demand("the first agent leads", LIMIT.multipliedBy(2), () -> Faults.leads(first));
        try {
            refuses(yaml -> yaml.replace("name: pg-1", "name: pg-2"), CONFIGURATION_REFUSED, "pg-2");
            assertThat(Faults.leads(first)).isTrue();
        } finally {
            running.signal(Signal.TERM);
            running.awaitExit(LIMIT);
        }
    }

    @Test
    void noFileAtAll() {
        Command.Result result = node.runAgent(LIMIT, "/nowhere.yml");

        assertThat(result.exitCode()).isNotZero().isNotEqualTo(70);
        assertThat(result.err() + result.out()).contains("/nowhere.yml");
    }

    /** Runs the agent with a changed file; says what it said. */
    private static String refuses(UnaryOperator<String> change, int exitCode, String... words) {
        String yaml = change.apply(cluster.yaml(node, ClusterOptions.of("badinputit", "10.77.0.100")));
        Path file = node.host().disk().resolve("postgresql/bad.yml");
        try {
            Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }

        Command.Result result = node.runAgent(LIMIT, FILE);

        String said = result.err() + result.out();
        assertThat(result.exitCode()).as("exit code, after: " + said).isEqualTo(exitCode);
        assertThat(said).contains(words).doesNotContain("\tat ");
        return said;
    }
}
