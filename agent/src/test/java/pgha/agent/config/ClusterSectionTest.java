package pgha.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pgha.agent.config.ConfigLoader.Valid;

class ClusterSectionTest {
    private static final Map<String, Function<ServerSettings, Object>> VIEWS = Map.ofEntries(
            Map.entry("database", ServerSettings::database),
            Map.entry("parameters", ServerSettings::allParameters),
            Map.entry("custom_conf", ServerSettings::customConf),
            Map.entry("pg_hba", ServerSettings::pgHba),
            Map.entry("pg_ident", ServerSettings::pgIdent),
            Map.entry("primary", ServerSettings::onPrimary),
            Map.entry("replica", ServerSettings::onReplica),
            Map.entry("standby_leader", ServerSettings::onStandbyLeader),
            Map.entry("use_pg_rewind", ServerSettings::usePgRewind),
            Map.entry("sockets", server -> List.of(server.useUnixSocket(), server.useUnixSocketForReplication())),
            Map.entry("basebackup", ServerSettings::basebackupOptions),
            Map.entry("methods", ServerSettings::replicaMethods),
            Map.entry("rewind", ServerSettings::rewindOptions),
            Map.entry("start", ServerSettings::startTimeout),
            Map.entry("hooks", ServerSettings::hooks));

    @TempDir
    private Path directory;

    /** Of one part of the section: what the file has, what the cluster has, and what is in force. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            database      |                                      | {database: app}                        | Optional[app]
            database      | {database: mine}                     | {database: app}                        | Optional[mine]
            parameters    | {parameters: {a: 1, b: on}}          | {parameters: {b: off, c: x, d: null}}  | {a=1, b=on, c=x}
            parameters    | {parameters: {max_connections: 5}}   | {parameters: {max_connections: 100}}   | {max_connections=100}
            parameters    | {recovery_conf: {a: 1}}              | {recovery_conf: {a: 2, b: 2}}          | {a=1}
            parameters    |                                      | {recovery_conf: {restore_command: x}}  | {restore_command=x}
            parameters    |                                      | {parameters: {s: ''}}                  | {s=}
            custom_conf   |                                      | {custom_conf: /c}                      | Optional[/c]
            custom_conf   | {custom_conf: /f}                    | {custom_conf: /c}                      | Optional[/f]
            pg_hba        | {pg_hba: [f]}                        | {pg_hba: [c]}                          | Optional[[f]]
            pg_hba        | {pg_hba: []}                         | {pg_hba: [c]}                          | Optional[[c]]
            pg_ident      |                                      | {pg_ident: [c]}                        | Optional[[c]]
            primary       | {parameters_primary: {a: 1}}         | {parameters_primary: {b: 2}, pg_hba_primary: [c]} | ForRole[parameters={a=1}, pgHba=Optional[[c]], pgIdent=Optional.empty]
            replica       |                                      | {parameters_replica: {b: 2, wal_level: minimal}, pg_ident_replica: [c]} | ForRole[parameters={b=2}, pgHba=Optional.empty, pgIdent=Optional[[c]]]
            standby_leader | {pg_hba_standby_leader: [f]}        | {parameters_standby_leader: {b: 2, wal_level: minimal}, pg_hba_standby_leader: [c], pg_ident_standby_leader: [c]} | ForRole[parameters={b=2}, pgHba=Optional[[f]], pgIdent=Optional[[c]]]
            standby_leader | {parameters_standby_leader: {a: 1}} | {parameters_standby_leader: {b: 2}}    | ForRole[parameters={a=1}, pgHba=Optional.empty, pgIdent=Optional.empty]
            standby_leader | {parameters_replica: {a: 1}}        | {pg_hba_replica: [c]}                  | ForRole[parameters={}, pgHba=Optional.empty, pgIdent=Optional.empty]
            use_pg_rewind | {use_pg_rewind: off}                 | {use_pg_rewind: 'on'}                  | Optional[false]
            use_pg_rewind |                                      | {use_pg_rewind: 'yes'}                 | Optional[true]
            sockets       | {use_unix_socket: 'no'}              | {use_unix_socket: 1, use_unix_socket_repl: 1} | [Optional[false], Optional[true]]
            methods       |                                      | {create_replica_method: 'r, basebackup', r: {command: x y, no_params: on, speed: 1}} | ReplicaMethods[names=[r, basebackup], ofStandbyLeader=[], programs={r=Program[command=x y, keepsData=false, withoutLeader=false, plain=true, parameters={speed=1}]}]
            methods       | {create_replica_methods: [basebackup]} | {create_replica_methods: [r], r: {command: x}} | ReplicaMethods[names=[basebackup], ofStandbyLeader=[], programs={r=Program[command=x, keepsData=false, withoutLeader=false, plain=false, parameters={}]}]
            methods       | {r: {command: f}}                    | {create_replica_methods: [r], r: {command: c, a: 1}, callbacks: {on_stop: c}} | ReplicaMethods[names=[r], ofStandbyLeader=[], programs={r=Program[command=f, keepsData=false, withoutLeader=false, plain=false, parameters={}]}]
            methods       | {r: {command: f, no_leader: 1, keep_data: true, no_params: false, delta: 'on', a: on}} | {create_replica_method: ''} | ReplicaMethods[names=[], ofStandbyLeader=[], programs={r=Program[command=f, keepsData=true, withoutLeader=true, plain=false, parameters={a=True, delta=on, keep_data=True, no_leader=1, no_params=False}]}]
            methods       | {r: {command: f, no_leader: false, keep_data: true, no_params: true, role: x}} | {} | ReplicaMethods[names=[], ofStandbyLeader=[], programs={r=Program[command=f, keepsData=true, withoutLeader=false, plain=true, parameters={role=x}]}]
            basebackup    |                                      | {basebackup: [verbose, {max-rate: 1M}]} | [--verbose, --max-rate=1M]
            basebackup    | {basebackup: {checkpoint: spread}}   | {basebackup: [verbose, {max-rate: 1M}]} | [--checkpoint=spread]
            rewind        |                                      | {rewind: [debug, {sync-method: syncfs}, dry-run]} | [--debug, --sync-method=syncfs]
            rewind        | {rewind: {debug: true}}              | {rewind: [no-sync]}                    | [--debug]
            start         |                                      | {pg_ctl_timeout: 2min}                 | Optional[PT2M]
            start         | {pg_ctl_timeout: 30}                 | {pg_ctl_timeout: '90'}                 | Optional[PT30S]
            hooks         | {callbacks: {on_start: f}}           | {callbacks: {on_stop: c}, pre_promote: p} | HooksConfig[callbacks={START=f}, prePromote=Optional[p], beforeStop=Optional.empty]
            hooks         | {before_stop: f}                     | {callbacks: {on_stop: c}, before_stop: c} | HooksConfig[callbacks={STOP=c}, prePromote=Optional.empty, beforeStop=Optional[f]]
            """)
    void theFileIsOverTheCluster(String part, String inFile, String inCluster, String inForce) throws IOException {
        ServerSettings file = file(Optional.ofNullable(inFile).orElse("{}"));
        ServerSettings both = file.over(section(inCluster).settings());

        assertThat(Objects.requireNonNull(VIEWS.get(part)).apply(both)).hasToString(inForce);
        assertThat(section(inCluster).objections()).isEmpty();
    }

    /** Whatever a file has of its own: a replica that restores sooner would be ahead of the leader that it follows. */
    @Test
    void aStandbyClusterRestoresInOneWay() throws IOException {
        String document =
                "{\"standby_cluster\":{\"restore_command\":\"cp %f %p\",\"recovery_min_apply_delay\":\"1h\",\"port\":1}}";

        ServerSettings both = file("{recovery_conf: {restore_command: mine, recovery_target: immediate}}")
                .over(ClusterSection.of(document).settings());

        assertThat(both.allParameters())
                .hasToString("{recovery_min_apply_delay=1h, recovery_target=immediate, restore_command=cp %f %p}");
    }

    @Test
    void whatOnlyTheFileOfANodeMaySayIsNamed() {
        assertThat(section("{data_dir: /x, authentication: {superuser: {username: eve}}, bin_dir: /b, listen: null}")
                        .warnings())
                .containsExactly(
                        "postgresql.data_dir: has no effect here; only the file of a node may say it",
                        "postgresql.authentication: has no effect here; only the file of a node may say it",
                        "postgresql.bin_dir: has no effect here; only the file of a node may say it");
    }

    @Test
    void aMistakeTakesItsOwnKeyAwayAndNoOther() {
        ClusterSection section = section("{callbacks: x, pre_promote: [a], use_unix_socket: maybe, database: app}");

        assertThat(section.settings().database()).contains("app");
        assertThat(section.objections())
                .containsExactlyInAnyOrder(
                        "postgresql.use_unix_socket: expected true or false, found \"maybe\"",
                        "postgresql.callbacks: expected a mapping, found \"x\"",
                        "postgresql.pre_promote: expected a text, found a list");
        assertThat(section.warnings()).allMatch(line -> line.endsWith("; it counts as absent"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "soon", "'5 moons'", "99999999999"})
    void aTimeoutIsAPositiveNumberOfSeconds(String timeout) {
        assertThat(section("{pg_ctl_timeout: " + timeout + "}").objections())
                .singleElement()
                .asString()
                .startsWith("postgresql.pg_ctl_timeout: expected a positive number of seconds, found ");
    }

    @Test
    void aPathThatIsNoneIsAMistakeLikeOthers() {
        assertThat(ClusterSection.of("{\"postgresql\":{\"custom_conf\":\"\\u0000\"}}")
                        .objections())
                .hasSize(1);
    }

    @Test
    void numbersStayAsTheyWereWritten() {
        assertThat(ClusterSection.of("{\"postgresql\":{\"parameters\":{\"a\":0.90,\"b\":0.00001,\"c\":1}}}")
                        .settings()
                        .allParameters())
                .hasToString("{a=0.90, b=0.00001, c=1}");
    }

    @Test
    void settingsWithoutTheSectionSayNothing() {
        assertThat(ClusterSection.of("{}").warnings()).isEmpty();
        assertThat(ClusterSection.of("{}").settings().hooks().callbacks()).isEmpty();
    }

    private static ClusterSection section(String yaml) {
        return ClusterSection.of(JsonNodeFactory.instance
                .objectNode()
                .set("postgresql", YamlText.json(yaml))
                .toString());
    }

    private ServerSettings file(String more) throws IOException {
        Path file = Files.writeString(directory.resolve("agent.yml"), """
                scope: demo
                name: pg-1
                etcd3: {host: "10.0.0.1:2379"}
                restapi: {listen: "10.0.0.1:8008"}
                postgresql:
                  <<: %s
                  listen: 10.0.0.1:5432
                  data_dir: /data
                  authentication: {superuser: {username: postgres}, replication: {username: replicator}}
                """.formatted(more));
        return ((Valid<AgentConfig>) ConfigLoader.load(file, Map.of()))
                .config()
                .postgres()
                .server();
    }
}
