package pgha.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import pgha.agent.postgres.ParameterCatalog.Effective;

class ParameterCatalogTest {
    @Test
    void passesWhatTheClusterAgreesOnAsArguments() {
        assertThat(effective(Map.of("max_connections", "200", "shared_buffers", "1GB"))
                        .commandLine())
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("cluster_name", "demo"),
                        Map.entry("hot_standby", "on"),
                        Map.entry("listen_addresses", "10.77.0.1"),
                        Map.entry("max_connections", "200"),
                        Map.entry("max_locks_per_transaction", "64"),
                        Map.entry("max_prepared_transactions", "0"),
                        Map.entry("max_replication_slots", "10"),
                        Map.entry("max_wal_senders", "10"),
                        Map.entry("max_worker_processes", "8"),
                        Map.entry("port", "5432"),
                        Map.entry("track_commit_timestamp", "off"),
                        Map.entry("wal_level", "replica"),
                        Map.entry("wal_log_hints", "on")));
    }

    @Test
    void putsTheStandardInThePlaceOfWhatItCannotAccept() {
        Effective effective = effective(Map.of("max_connections", "7", "wal_level", "minimal"));

        assertThat(effective.commandLine())
                .containsEntry("max_connections", "100")
                .containsEntry("wal_level", "replica");
        assertThat(effective.warnings())
                .containsExactlyInAnyOrder(
                        "postgresql parameter max_connections=7 failed validation, defaulting to 100",
                        "postgresql parameter wal_level=minimal failed validation, defaulting to replica");
    }

    @Test
    void leavesOutWhatPostgresDoesNotKnowButNotWhatAnExtensionMight() {
        Effective effective = effective(
                Map.of("nonsense", "1", "pg_stat_statements.track", "all", "fsync", "true"),
                Map.of("nonsense", "unrecognized configuration parameter \"nonsense\""));

        assertThat(effective.file()).doesNotContainKey("nonsense").containsEntry("pg_stat_statements.track", "all");
        assertThat(effective.file()).containsEntry("fsync", "on");
        assertThat(effective.warnings())
                .containsExactly(
                        "postgresql.parameters.nonsense: left out, since PostgreSQL says: unrecognized configuration parameter \"nonsense\"");
    }

    @Test
    void takesNothingForAParameterThatWouldBeALineOfAnotherKind() {
        Effective effective = effective(Map.of("include", "/etc/passwd", "work mem", "1MB", "data_directory", "/y"));

        assertThat(effective.file()).doesNotContainKeys("include", "work mem", "data_directory");
        assertThat(effective.warnings()).hasSize(2);
    }

    @Test
    void putsTheStandardInThePlaceOfWhatPostgresRefusesForTheWholeCluster() {
        Effective effective =
                effective(Map.of("max_connections", "300000"), Map.of("max_connections", "outside the valid range"));

        assertThat(effective.commandLine()).containsEntry("max_connections", "100");
        assertThat(effective.file()).containsEntry("max_connections", "100");
    }

    @Test
    void knowsASwitchInAnyWriting() {
        Effective effective = effective(Map.of("wal_log_hints", "No", "track_commit_timestamp", "1"));

        assertThat(effective.commandLine())
                .containsEntry("wal_log_hints", "off")
                .containsEntry("track_commit_timestamp", "on");
        assertThat(effective.warnings()).isEmpty();
    }

    @Test
    void readsWhatPostgresSaysOfEachParameter() {
        assertThat(ParameterCheck.complaints("""
                        2026-01-01 07:49:26.754 GMT [1] LOG:  unrecognized configuration parameter "foo" in file "/x" line 2
                        2026-01-01 07:49:26.786 GMT [1] LOG:  invalid value for parameter "work_mem": "12XB"
                        2026-01-01 07:49:26.786 GMT [1] HINT:  Valid units for this parameter are "B" and "kB".
                        2026-01-01 07:49:26.786 GMT [1] LOG:  parameter "autovacuum" requires a Boolean value
                        2026-01-01 07:49:26.786 GMT [1] FATAL:  configuration file "/x" contains errors
                        """))
                .containsOnly(
                        Map.entry("foo", "unrecognized configuration parameter \"foo\""),
                        Map.entry("work_mem", "invalid value for parameter \"work_mem\": \"12XB\""),
                        Map.entry("autovacuum", "parameter \"autovacuum\" requires a Boolean value"));
    }

    @Test
    void keepsItsHandsOnAddressesAndRecovery() {
        Effective effective = effective(Map.of(
                "port", "1", "primary_conninfo", "host=evil", "recovery_target_time", "now", "Hot_Standby", "off"));

        assertThat(effective.file())
                .containsEntry("port", "5432")
                .containsEntry("hot_standby", "on")
                .doesNotContainKeys("primary_conninfo", "recovery_target_time");
    }

    @Test
    void speaksOfWalToKeepInTheWordsOfToday() {
        assertThat(effective(Map.of("wal_keep_segments", "4")).file()).containsEntry("wal_keep_size", "64MB");
        assertThat(effective(Map.of()).file()).containsEntry("wal_keep_size", "128MB");
    }

    @Test
    void raisesAReplicasParametersToThoseOfItsPrimary() {
        ControlData control = new ControlData(Map.of(
                "max_connections setting", "300", "max_locks_per_xact setting", "32", "max_wal_senders setting", "10"));

        assertThat(ParameterCatalog.raised(effective(Map.of()).commandLine(), control))
                .containsEntry("max_connections", "300")
                .containsEntry("max_locks_per_transaction", "64");
    }

    private static Effective effective(Map<String, String> parameters, Map<String, String> refused) {
        return ParameterCatalog.effective(Configs.in(Path.of("/x"), parameters), refused);
    }

    private static Effective effective(Map<String, String> parameters) {
        return effective(parameters, Map.of());
    }
}
