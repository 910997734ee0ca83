package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import pgha.lab.Command;
import pgha.lab.Lab;
import pgha.lab.LabOptions;
import pgha.lab.LabProcess;
import pgha.lab.Launch;
import pgha.lab.Patience;
import pgha.lab.cluster.ClusterOptions;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;

/** The files that the agent writes itself are right, and take a server that ran without it into a cluster. */
final class GeneratedConfigIT {
    private static final String NAME = "generateit";
    private static final String HOME = "/var/lib/postgresql/";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static LabCluster cluster;

    @BeforeAll
    static void prepare() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Lab.destroy(NAME)));
        LabOptions lab = LabOptions.named(NAME).withNodes(List.of("pg-1")).withStores(List.of("etcd-1"));
        cluster = LabCluster.prepare(lab, ClusterOptions.of(NAME, lab.vip()));
    }

    @AfterAll
    static void remove() {
        cluster.close();
    }

    @Test
    void theFileOfARunningServerMakesItAClustersPrimary() {
        LabNode node = cluster.node("pg-1");
        serverOfItsOwn(node);

        agent(node, "--generate-config", "--dsn", "host=/run/postgresql user=postgres", HOME + "made.yml")
                .orThrow();
        String made = node.host().read(HOME + "made.yml").orElseThrow();
        assertThat(made)
                .contains("work_mem: 7654kB", "max_connections: '57'", "- host all all 0.0.0.0/0 scram-sha-256");
        Command.Result open = agent(node, "--validate-config", "-i", HOME + "made.yml");
        assertThat(open.exitCode()).as("%s", open).isNotZero();
        node.configure(filledIn(made));
        assertThat(agent(node, "--validate-config", "-i", LabNode.CONFIGURATION).orThrow())
                .isEqualTo("the configuration is valid\n");

        node.startAgent();
        Patience.demand("it leads", LIMIT, () -> Faults.leads(node));

        assertThat(node.sql("SELECT word FROM kept")).isEqualTo("mine");
        assertThat(node.sql("SHOW work_mem")).isEqualTo("7654kB");
        assertThat(node.agentctl("list").orThrow()).contains("Cluster: " + NAME).contains("| Leader ");

        restartUnderTheAgent(node, node.runningPostmaster());
        assertThat(node.sql("SELECT word FROM kept")).isEqualTo("mine");
        assertThat(node.sql("SHOW work_mem")).isEqualTo("7654kB");
        assertThat(node.sql("SHOW max_connections")).isEqualTo("57");
    }

    @Test
    void theSampleIsValidOnAHostThatItIsFor() {
        LabNode node = cluster.node("pg-1");
        agent(node, "--generate-sample-config", HOME + "sample.yml").orThrow();
        String sample = node.host().read(HOME + "sample.yml").orElseThrow();

        // Its host is the first of a network, and etcd is elsewhere here; the programs are those of the machine.
        node.write(
                "sample.yml",
                sample.replaceAll("hosts: \\[[^]]*]", "hosts: " + cluster.etcd().hosts())
                        .replace("10.0.0.", cluster.lab().options().network() + ".")
                        .replaceAll("bin_dir: .*", "bin_dir: " + programs()));

        Command.Result checked = agent(node, "--validate-config", "-i", HOME + "sample.yml");
        assertThat(checked.orThrow()).isEqualTo("the configuration is valid\n");
        assertThat(checked.err()).isEmpty();
    }

    /** As somebody has made it who knows nothing of clusters. */
    private static void serverOfItsOwn(LabNode node) {
        shell(node, """
                %1$s/initdb -D %2$s --auth-local=peer --auth-host=scram-sha-256 >/dev/null
                printf '%%s\\n' "listen_addresses = '*'" "port = %3$d" 'max_connections = 57' "work_mem = '7654kB'" \\
                    "unix_socket_directories = '/run/postgresql'" >>%2$s/postgresql.conf
                echo 'host all all 0.0.0.0/0 scram-sha-256' >>%2$s/pg_hba.conf
                echo 'host replication all 0.0.0.0/0 scram-sha-256' >>%2$s/pg_hba.conf
                %1$s/pg_ctl -D %2$s -w -l %4$sserver.log start >/dev/null
                psql -q -d postgres -c "ALTER ROLE postgres PASSWORD 'lab'" \\
                    -c "CREATE ROLE replicator LOGIN REPLICATION PASSWORD 'lab'" -c "CREATE TABLE kept AS SELECT 'mine' AS word\"""".formatted(
                        programs(), LabNode.DATA, cluster.lab().options().postgresPort(), HOME));
    }

    private static String filledIn(String made) {
        assertThat(made).contains("#FIXME");
        String filled = made.replaceFirst("scope: '#FIXME'", "scope: " + NAME)
                .replaceFirst("(hosts:\\s+- )'#FIXME'", "$1" + cluster.etcd().hosts())
                .replace("password: '#FIXME'", "password: lab");
        assertThat(filled.lines().filter(line -> !line.startsWith("#"))).noneMatch(line -> line.contains("#FIXME"));
        return filled;
    }

    private static void restartUnderTheAgent(LabNode node, LabProcess before) {
        assertThat(node.agentctl("restart", NAME, node.name(), "--force").orThrow())
                .contains("Success");
        Patience.demand(
                "another postmaster runs, and leads",
                LIMIT,
                () -> node.postmaster().filter(now -> !now.equals(before)).isPresent() && Faults.leads(node));
    }

    private static String programs() {
        return String.valueOf(Path.of(cluster.postgresProgram("postgres")).getParent());
    }

    private static Command.Result agent(LabNode node, String... arguments) {
        String[] argv = new String[arguments.length + 1];
        argv[0] = "/opt/pgha-agent/bin/pgha-agent";
        System.arraycopy(arguments, 0, argv, 1, arguments.length);
        return node.host().exec(LIMIT, Launch.as("postgres", argv));
    }

    private static void shell(LabNode node, String script) {
        node.host().exec(LIMIT, Launch.as("postgres", "bash", "-ec", script)).orThrow();
    }
}
