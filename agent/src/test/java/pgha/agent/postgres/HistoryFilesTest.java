package pgha.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Timeline;
import pgha.dcs.model.TimelineHistory;
import pgha.dcs.model.TimelineHistory.Switch;

class HistoryFilesTest {
    @Test
    void readsLinesAndPassesOverComments() {
        String text = "1\t0/3000000\tno recovery target specified\n\n# comment\n2\t1/A0\tbefore 2026-01-01\n";

        assertThat(HistoryFiles.parse(text).switches())
                .containsExactly(
                        new Switch(new Timeline(1), Lsn.parse("0/3000000"), "no recovery target specified", "", ""),
                        new Switch(new Timeline(2), Lsn.parse("1/A0"), "before 2026-01-01", "", ""));
    }

    @Test
    void theLastSwitchWasWhenTheFileWasWritten() {
        TimelineHistory history = HistoryFiles.parse("1\t0/3000000\tnone\n2\t1/A0\tnone\n");

        assertThat(HistoryFiles.dated(history, Instant.parse("2026-01-01T10:00:00.5Z"))
                        .switches())
                .extracting(Switch::time)
                .satisfiesExactly(first -> assertThat(first).isEmpty(), last -> assertThat(
                                OffsetDateTime.parse(last).toInstant())
                        .isEqualTo(Instant.parse("2026-01-01T10:00:00.5Z")));
        assertThat(HistoryFiles.dated(TimelineHistory.EMPTY, Instant.EPOCH)).isEqualTo(TimelineHistory.EMPTY);
    }
}
