package pgha.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import pgha.agent.ha.Observation.ControlFacts;
import pgha.agent.ha.Observation.LeftAs;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.SystemIdentifier;
import pgha.dcs.model.Timeline;

class ControlDataTest {
    private final HistoryFiles files = new HistoryFiles(new DataDirectory(Path.of("/nowhere")));

    @Test
    void ofAPrimaryIsTheCheckpoint() {
        ControlData data = ControlData.parse(output("shut down", "0/0", 0)).orElseThrow();

        assertThat(data.facts(false, 15, files))
                .isEqualTo(new ControlFacts(
                        new SystemIdentifier("7710790133352861011"),
                        LeftAs.SHUT_DOWN,
                        new Timeline(2),
                        Lsn.parse("0/30000D8"),
                        false,
                        15,
                        Optional.empty()));
    }

    @Test
    void ofAReplicaIsTheEndOfItsRecovery() {
        ControlData data =
                ControlData.parse(output("in archive recovery", "0/5000000", 3)).orElseThrow();

        assertThat(data.facts(true, 15, files).position()).isEqualTo(Lsn.parse("0/5000000"));
        assertThat(data.facts(true, 15, files).timeline()).isEqualTo(new Timeline(3));
    }

    @Test
    void ofAPrimaryThatCrashedRightAfterItsPromotionTheTimelineIsTheNewOne() {
        ControlData data =
                ControlData.parse(output("in production", "0/5000000", 3)).orElseThrow();

        assertThat(data.facts(false, 15, files).position()).isEqualTo(Lsn.parse("0/30000D8"));
        assertThat(data.facts(false, 15, files).timeline()).isEqualTo(new Timeline(3));
    }

    /** It was to start as a replica, and PostgreSQL did not come up. */
    @Test
    void markedAsAReplicaItHasAtLeastWhatItWasPromotedWith() {
        ControlData data =
                ControlData.parse(output("in production", "0/5000000", 3)).orElseThrow();

        assertThat(data.facts(true, 15, files).position()).isEqualTo(Lsn.parse("0/5000000"));
        assertThat(data.facts(true, 15, files).timeline()).isEqualTo(new Timeline(3));
    }

    @Test
    void knowsTheParametersThatAReplicaMustNotHaveSmaller() {
        ControlData data = ControlData.parse(output("shut down", "0/0", 0)).orElseThrow();

        assertThat(ParameterCatalog.NOT_SMALLER_THAN_PRIMARY)
                .allSatisfy(name -> assertThat(data.setting(name)).isPresent());
        assertThat(data.setting("max_locks_per_transaction")).contains(64);
    }

    @Test
    void canBeRewoundWithHintsOrChecksums() {
        String output = output("shut down", "0/0", 0);

        assertThat(ControlData.parse(output).orElseThrow().canBeRewound()).isTrue();
        assertThat(ControlData.parse(output.replace(
                                "wal_log_hints setting:                on", "wal_log_hints setting: off"))
                        .orElseThrow()
                        .canBeRewound())
                .isFalse();
    }

    @Test
    void isNothingWithoutAKnownState() {
        assertThat(ControlData.parse(output("on holiday", "0/0", 0))).isEmpty();
        assertThat(ControlData.parse("pg_controldata: error: could not open file"))
                .isEmpty();
    }

    private static String output(String state, String recoveryEnd, int recoveryTimeline) {
        return """
                pg_control version number:            1300
                Database system identifier:           7710790133352861011
                Database cluster state:               %s
                pg_control last modified:             Sun Nov 22 00:43:52 2026
                Latest checkpoint location:           0/30000D8
                Latest checkpoint's REDO location:    0/30000D8
                Latest checkpoint's TimeLineID:       2
                Minimum recovery ending location:     %s
                Min recovery ending loc's timeline:   %d
                wal_log_hints setting:                on
                max_connections setting:              100
                max_worker_processes setting:         8
                max_wal_senders setting:              10
                max_prepared_xacts setting:           0
                max_locks_per_xact setting:           64
                Data page checksum version:           0
                """.formatted(state, recoveryEnd, recoveryTimeline);
    }
}
