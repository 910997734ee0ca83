package pgha.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgha.agent.config.ConfigLoader.Loaded;
import pgha.agent.config.ConfigLoader.Refused;
import pgha.agent.config.ConfigLoader.Valid;

class BootstrapProgramTest {
    @Test
    void aProgramMayMakeTheCluster(@TempDir Path directory) throws IOException {
        Valid<AgentConfig> valid = (Valid<AgentConfig>) bootstrap(directory, """
                {method: pitr, pitr: {command: restore.sh -q, no_params: false, keep_existing_recovery_conf: off,
                  from: s3, recovery_conf: {RESTORE_COMMAND: "cp %f %p", recovery_target_inclusive: false}}}
                """);

        assertThat(valid.warnings()).isEmpty();
        assertThat(valid.config().bootstrap().orElseThrow().program())
                .contains(new BootstrapProgram(
                        "pitr",
                        "restore.sh -q",
                        false,
                        false,
                        Optional.of(new TreeMap<>(Map.of(
                                "restore_command",
                                "cp %f %p",
                                "recovery_target_inclusive",
                                "off",
                                "recovery_target_action",
                                "promote"))),
                        new TreeMap<>(Map.of("from", "s3"))));
    }

    @Test
    void recoveryIsOnlyThereIfItIsNamed(@TempDir Path directory) throws IOException {
        Valid<AgentConfig> without = (Valid<AgentConfig>) bootstrap(directory, """
                {method: copy, copy: {command: copy.sh, no_params: true, keep_existing_recovery_conf: true}}
                """);
        Valid<AgentConfig> empty = (Valid<AgentConfig>) bootstrap(directory, """
                {method: copy, copy: {command: copy.sh, recovery_conf: {}}}
                """);

        BootstrapProgram program =
                without.config().bootstrap().orElseThrow().program().orElseThrow();
        assertThat(program.plain() && program.keepsRecovery()).isTrue();
        assertThat(program.recovery()).isEmpty();
        assertThat(empty.config()
                        .bootstrap()
                        .orElseThrow()
                        .program()
                        .orElseThrow()
                        .recovery())
                .contains(new TreeMap<>(Map.of("recovery_target_action", "promote")));
    }

    @Test
    void aRecoveryThatMakesNoPrimaryIsRefused(@TempDir Path directory) throws IOException {
        Loaded<AgentConfig> loaded = bootstrap(directory, """
                {method: pitr, pitr: {command: restore.sh, recovery_conf:
                  {standby_mode: on, recovery_target_action: pause, "x = 1": 2}}}
                """);

        assertThat(((Refused<AgentConfig>) loaded).problems())
                .hasSize(3)
                .anyMatch(line -> line.contains("x = 1: this is not the name of a parameter"))
                .anyMatch(line -> line.contains("standby_mode: a new cluster cannot begin as a standby"))
                .anyMatch(line -> line.contains("recovery_target_action: expected promote, found \"pause\""));
    }

    private static Loaded<AgentConfig> bootstrap(Path directory, String section) throws IOException {
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
                bootstrap:
                """ + section.indent(2));
        return ConfigLoader.load(file, Map.of());
    }
}
