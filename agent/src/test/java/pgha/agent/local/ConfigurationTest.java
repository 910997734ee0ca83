package pgha.agent.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgha.agent.config.AgentConfig;
import pgha.agent.config.ConfigLoader;
import pgha.agent.config.ConfigLoader.Valid;
import pgha.agent.ha.Callback;
import pgha.agent.postgres.PostgresConfig;
import pgha.agent.postgres.ReplicaMethod;
import pgha.dcs.codec.ClusterCodec;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.Revision;

class ConfigurationTest {
    private static final String FILE = """
            scope: demo
            name: pg-1
            etcd3: {host: "10.0.0.1:2379"}
            restapi: {listen: "10.0.0.1:8008"}
            postgresql:
              listen: 10.0.0.1:5432
              data_dir: /data
              authentication: {superuser: {username: postgres}, replication: {username: replicator}}
              callbacks: {on_start: file}
            """;

    @TempDir
    private Path directory;

    private Configuration configuration;

    @BeforeEach
    void fresh() throws IOException {
        configuration = new Configuration(file(FILE), settings("{}"), directory, "1.0");
    }

    @Test
    void theCoreHearsOfTheClustersPrograms() {
        assertThat(configuration.node(Optional.empty()).scripts().prePromote()).isFalse();

        configuration.apply(settings(
                "{\"postgresql\":{\"pre_promote\":\"fence\",\"database\":\"app\",\"callbacks\":{\"on_stop\":\"x\"}}}"));

        assertThat(configuration.node(Optional.empty()).scripts().prePromote()).isTrue();
        assertThat(configuration.node(Optional.empty()).scripts().callbacks()).containsExactly(Callback.START);
        assertThat(configuration.node(Optional.empty()).connUrl()).isEqualTo("postgres://10.0.0.1:5432/app");
        assertThat(configuration.postgres().hooks().prePromote()).contains("fence");
    }

    @Test
    void aProxyIsTheFilesToName() throws IOException {
        configuration.use(file(FILE + "  proxy_address: 10.0.0.9:6432\n  pg_ctl_timeout: 5\n  rewind: [debug]\n"));
        configuration.apply(settings("{\"postgresql\":{\"proxy_address\":\"10.0.0.8:6432\"}}"));

        assertThat(configuration.node(Optional.empty()).proxyUrl()).contains("postgres://10.0.0.9:6432/postgres");
        assertThat(configuration.postgres().startTimeout()).hasSeconds(5);
        assertThat(configuration.postgres().rewindOptions()).containsExactly("--debug");
    }

    @Test
    void theNameForKerberosIsTheClustersUnlessTheFileHasOne() throws IOException {
        ClusterSettings cluster = settings("{\"postgresql\":{\"krbsrvname\":\"pgsql\"}}");

        configuration.apply(cluster);
        assertThat(configuration.postgres().kerberosServiceName()).contains("pgsql");

        configuration.use(file(FILE + "  krbsrvname: here\n"));
        configuration.apply(cluster);
        assertThat(configuration.postgres().kerberosServiceName()).contains("here");
        assertThat(configuration.postgres().as(true).kerberosServiceName()).contains("here");
    }

    /** Without it the copy of a slot would be there, and what it needs of the catalogs vacuumed away. */
    @Test
    void replicasThatKeepLogicalSlotsTellThePrimaryWhatTheyNeed() {
        String slots = "{\"slots\":{\"cdc\":{\"database\":\"app\",\"plugin\":\"pgoutput\"}},"
                + "\"postgresql\":{\"parameters\":{\"hot_standby_feedback\":\"off\"}}}";

        configuration.apply(settings(slots));
        assertThat(configuration.postgres().as(true).parameters()).containsEntry("hot_standby_feedback", "on");
        assertThat(configuration.postgres().as(false).parameters()).containsEntry("hot_standby_feedback", "off");

        configuration.apply(settings("{}"));
        assertThat(configuration.postgres().as(true).parameters()).doesNotContainKey("hot_standby_feedback");
    }

    /** Patroni's role standby_leader has sections of its own: those of a replica are not for it. */
    @Test
    void theLeaderOfAStandbyClusterHasItsOwnSectionsAndNotAReplicas() throws IOException {
        ClusterSettings cluster = settings("""
                {"postgresql": {"parameters": {"a": 1, "b": 1, "c": 1},
                 "parameters_standby_leader": {"a": 2}, "parameters_replica": {"a": 3, "b": 3, "c": 3},
                 "pg_hba_standby_leader": ["cluster"], "pg_ident_replica": ["replica"]}}""");
        configuration.use(file(FILE + "  parameters_standby_leader: {b: 4}\n  pg_ident_standby_leader: [file]\n"));
        configuration.apply(cluster);
        assertThat(configuration.postgres().as(true).parameters()).hasToString("{a=3, b=3, c=3}");

        assertThat(configuration.use(true)).isTrue();
        assertThat(configuration.use(true)).as("no news").isFalse();
        configuration.apply(cluster);

        PostgresConfig leading = configuration.postgres().as(true);
        assertThat(leading.parameters()).hasToString("{a=1, b=4, c=1}");
        assertThat(leading.pgHba()).contains(List.of("cluster"));
        assertThat(leading.pgIdent()).contains(List.of("file"));
        assertThat(configuration.postgres().as(false).parameters()).hasToString("{a=1, b=1, c=1}");

        assertThat(configuration.use(false)).isTrue();
        configuration.apply(cluster);
        assertThat(configuration.postgres().as(true).pgIdent()).contains(List.of("replica"));
    }

    @Test
    void theLeaderOfAStandbyClusterIsMadeByMethodsOfItsOwnIfThereAreAny() throws IOException {
        String methods = "\"create_replica_methods\": [\"far\", \"basebackup\", \"nothing\"]";
        String cluster =
                "{\"standby_cluster\": {\"host\": \"h\", %s}, \"postgresql\": {\"near\": {\"command\": \"n\"}}}";
        configuration.use(file(FILE + "  create_replica_methods: [near]\n  far: {command: f}\n"));

        assertThat(configuration.apply(settings(cluster.formatted(methods))))
                .containsExactly(
                        "standby_cluster.create_replica_methods: \"nothing\" is passed over, since neither the file"
                                + " nor the settings have postgresql.nothing.command");
        assertThat(methods()).as("of a replica").containsExactly("n");
        configuration.use(true);
        configuration.apply(settings(cluster.formatted(methods)));
        assertThat(methods()).containsExactly("f", "basebackup");
        configuration.apply(settings(cluster.formatted("\"create_replica_methods\": []")));
        assertThat(methods()).as("as any member").containsExactly("n");
        configuration.use(file(FILE));
        configuration.apply(settings(cluster.formatted("\"port\": 1")));
        assertThat(methods()).as("nobody says how").containsExactly("basebackup");
    }

    private List<String> methods() {
        return configuration.postgres().replicaMethods().stream()
                .map(method -> method instanceof ReplicaMethod.Program program ? program.command() : "basebackup")
                .toList();
    }

    @Test
    void newSettingsAreWarnedOfOnce() {
        String wrong = "{\"postgresql\":{\"data_dir\":\"/x\",\"before_stop\":{}},"
                + "\"slots\":{\"cdc\":{\"type\":\"logical\",\"plugin\":\"pgoutput\"}},\"ttl\":40}";

        assertThat(configuration.apply(settings(wrong)))
                .containsExactly(
                        "slots.cdc: a logical slot needs a database and a plugin; it is left out",
                        "postgresql.before_stop: expected a text, found a mapping; it counts as absent",
                        "postgresql.data_dir: has no effect here; only the file of a node may say it");
        assertThat(configuration.apply(settings(wrong.replace("40", "50")))).isEmpty();
        assertThat(configuration.apply(settings("{}"))).isEmpty();
        assertThat(configuration.apply(settings(wrong))).as("told anew").hasSize(3);
    }

    @Test
    void theServerIsRunWithANewFileFromTheNextApplicationOn() throws IOException {
        configuration.use(file(FILE.replace("on_start: file", "on_stop: file")));

        assertThat(configuration.node(Optional.empty()).scripts().callbacks()).containsExactly(Callback.STOP);
        assertThat(configuration.postgres().hooks().callbacks()).containsOnlyKeys(Callback.START);
        configuration.apply(settings("{}"));
        assertThat(configuration.postgres().hooks().callbacks()).containsOnlyKeys(Callback.STOP);
    }

    private static ClusterSettings settings(String document) {
        return ClusterCodec.settings(document, Revision.ZERO);
    }

    private AgentConfig file(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("agent.yml"), text);
        return ((Valid<AgentConfig>) ConfigLoader.load(file)).config();
    }
}
