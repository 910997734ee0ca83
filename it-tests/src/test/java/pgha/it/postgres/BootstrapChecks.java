package pgha.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgha.agent.ha.Observation.Directory;
import pgha.agent.ha.Outcome.Failed;
import pgha.agent.ha.TaskSpec;
import pgha.agent.ha.TaskSpec.StopMode;
import pgha.agent.postgres.BootstrapProgram;
import pgha.dcs.model.Timeline;

/** New clusters that programs of the operator's make. */
class BootstrapChecks {
    private static final Optional<SortedMap<String, String>> NO_RECOVERY = Optional.empty();

    @TempDir
    private Path temporary;

    private ServerUnderTest origin;
    private @Nullable ServerUnderTest made;

    /** A backup, and in the archive what came after it: row 1, another password, a name, row 2. */
    @BeforeEach
    void archive() throws Exception {
        Files.createDirectory(temporary.resolve("archive"));
        origin = new ServerUnderTest(
                temporary,
                "pg-1",
                5432,
                Map.of(
                        "archive_mode",
                        "on",
                        "archive_command",
                        "cp %p " + temporary + "/archive/%f",
                        "max_connections",
                        "50"));
        origin.newPrimary();
        origin.execute("create table t (i int)");
        backUp();
        String last = change();
        Awaitility.await().until(() -> Files.exists(temporary.resolve("archive").resolve(last)));
        origin.stop(StopMode.FAST, Duration.ofSeconds(30));
    }

    private void backUp() throws Exception {
        ProcessBuilder backup = new ProcessBuilder(
                origin.config.binDir().orElseThrow() + "/pg_basebackup",
                "--checkpoint=fast",
                "-D",
                temporary.resolve("backup").toString(),
                "-d",
                "host=127.0.0.1 user=postgres");
        backup.environment()
                .put("PGPASSWORD", origin.config.superuser().password().orElseThrow());
        assertThat(backup.inheritIO().start().waitFor()).isZero();
    }

    private String change() throws SQLException {
        try (Connection connection = origin.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("insert into t values (1)");
            statement.execute("alter role postgres password 'forgotten'");
            statement.execute("select pg_create_restore_point('here')");
            statement.execute("insert into t values (2)");
            try (ResultSet row = statement.executeQuery("select pg_walfile_name(pg_switch_wal())")) {
                row.next();
                return String.valueOf(row.getString(1));
            }
        }
    }

    @AfterEach
    void close() {
        origin.end();
        if (made != null) {
            made.end();
        }
    }

    @Test
    void aBackupIsRecoveredToItsTarget() throws Exception {
        Path restore = script(
                "printf '%s\\n' \"$@\" >" + temporary.resolve("arguments"),
                "for a; do case $a in --datadir=*) to=${a#*=} ;; esac; done",
                "cp -a " + temporary + "/backup/. \"$to\"");
        ServerUnderTest server = server(new BootstrapProgram(
                "restore",
                restore.toString(),
                false,
                false,
                Optional.of(new TreeMap<>(Map.of(
                        "restore_command",
                        restoreCommand(),
                        "recovery_target_name",
                        "here",
                        "recovery_target_action",
                        "promote"))),
                new TreeMap<>(Map.of("speed", "high"))));

        server.newPrimary();

        assertThat(Files.readAllLines(temporary.resolve("arguments")))
                .containsExactly("--scope=demo", "--datadir=" + server.config.dataDir(), "--speed=high");
        assertThat(server.asked).containsExactly("arm 7", "confirm 7", "arm 7", "confirm 7");
        assertThat(server.ask("select string_agg(i::text, ' ') from t")).isEqualTo("1");
        assertThat(server.ask("select current_setting('hot_standby') || current_setting('listen_addresses')"
                        + " || current_setting('recovery_target_name') || current_setting('restore_command')"))
                .isEqualTo("on127.0.0.1");
        assertThat(server.config.dataDir().resolve("recovery.signal")).doesNotExist();
        assertThat(server.config.runtimeDir()).isEmptyDirectory();
        server.awaitSeen(o -> o.sql()
                .filter(sql -> sql.timeline().equals(new Timeline(2))
                        && sql.history().isPresent()
                        && sql.pendingRestart().isEmpty())
                .isPresent());
        server.awaitSeen(o -> o.directory() instanceof Directory.Cluster c && !c.halfMade());
    }

    @Test
    void whatTheProgramSaysOfRecoveryIsKept() throws Exception {
        Path data = temporary.resolve("pg-2/data");
        Path restore = script(
                "printf '%s\\n' \"$@\" >" + temporary.resolve("arguments"),
                "cp -a " + temporary + "/backup/. " + data,
                "touch " + data + "/recovery.signal",
                "echo \"restore_command = '" + restoreCommand() + "'\" >>" + data + "/postgresql.auto.conf",
                "echo \"recovery_target_name = 'here'\" >>" + data + "/postgresql.auto.conf");
        ServerUnderTest server = server(new BootstrapProgram(
                "restore", restore.toString(), true, true, NO_RECOVERY, new TreeMap<>(Map.of("speed", "high"))));

        server.newPrimary();

        assertThat(Files.readAllLines(temporary.resolve("arguments"))).containsExactly("--speed=high");
        assertThat(server.ask("select string_agg(i::text, ' ') from t")).isEqualTo("1");
        assertThat(data.resolve("postgresql.auto.conf")).content().doesNotContain("here");
    }

    @Test
    void withoutRecoveryItIsStartedAsItIs() throws Exception {
        Path data = temporary.resolve("pg-2/data");
        Path restore = script("cp -a " + temporary + "/backup/. " + data, "touch " + data + "/standby.signal");
        ServerUnderTest server = server(program(restore));

        server.newPrimary();

        assertThat(server.ask("select count(*) from t")).isEqualTo("0");
        server.awaitSeen(o ->
                o.sql().filter(sql -> sql.timeline().equals(new Timeline(1))).isPresent());
    }

    @Test
    void whatAProgramLeavesThatFailsIsMovedAside() throws Exception {
        Path data = temporary.resolve("pg-2/data");
        ServerUnderTest server = server(program(script("touch " + data + "/half", "echo no space >&2", "exit 7")));

        assertThat(server.run(new TaskSpec.InitDb()).toString())
                .contains(
                        "cannot make a new cluster by restore: restore exited with 7: \"no space\"; what it left is in "
                                + data + ".moved-aside-");

        server.awaitSeen(o -> o.directory() instanceof Directory.Absent);
        try (Stream<Path> all = Files.walk(temporary.resolve("pg-2"))) {
            assertThat(all.filter(path -> path.endsWith("half"))).hasSize(1);
        }
    }

    @Test
    void aTargetThatIsNotReachedIsSaid() throws Exception {
        Path restore = script("cp -a " + temporary + "/backup/. " + temporary.resolve("pg-2/data"));
        ServerUnderTest server = server(new BootstrapProgram(
                "restore",
                restore.toString(),
                true,
                false,
                Optional.of(
                        new TreeMap<>(Map.of("restore_command", restoreCommand(), "recovery_target_name", "there"))),
                new TreeMap<>()));
        server.succeed(new TaskSpec.InitDb());

        assertThat(server.run(new TaskSpec.StartPrimary(ServerUnderTest.LEASE)).toString())
                .contains("cannot start as primary: ")
                .contains("recovery ended before configured recovery target was reached");

        assertThat(server.processes()).isEmpty();
        server.succeed(new TaskSpec.MoveAside("a test"));
    }

    @Test
    void withoutAPermitNothingRecovers() throws Exception {
        Path restore = script("cp -a " + temporary + "/backup/. " + temporary.resolve("pg-2/data"));
        ServerUnderTest server = server(program(restore));
        server.succeed(new TaskSpec.InitDb());
        server.refusal = Optional.of("the term it was to run under has ended");

        assertThat(server.run(new TaskSpec.StartPrimary(ServerUnderTest.LEASE)))
                .isEqualTo(new Failed("cannot start as primary: the term it was to run under has ended"));

        assertThat(server.processes()).isEmpty();
    }

    private ServerUnderTest server(BootstrapProgram program) {
        ServerUnderTest server = new ServerUnderTest(temporary, "pg-2", 5433, program);
        made = server;
        return server;
    }

    private static BootstrapProgram program(Path script) {
        return new BootstrapProgram("restore", script.toString(), true, false, NO_RECOVERY, new TreeMap<>());
    }

    private String restoreCommand() {
        return "cp " + temporary + "/archive/%f %p";
    }

    private Path script(String... lines) throws IOException {
        Path script = temporary.resolve("script");
        Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }
}
