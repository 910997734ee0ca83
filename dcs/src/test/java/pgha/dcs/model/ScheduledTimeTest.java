package pgha.dcs.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shows which times of day are understood, and how they are written. */
final class ScheduledTimeTest {
    @ParameterizedTest
    @CsvSource({
        "2026-01-01T12:00, 2026-01-01T12:00:00",
        "2026-01-01 12:00:05Z, 2026-01-01T12:00:05+00:00",
        "2026-01-01T12:00:05.5+01, 2026-01-01T12:00:05.500000+01:00",
        "2026-01-01T12:00:05.000000001-0730, 2026-01-01T12:00:05-07:30",
        "2026-01-01 12:00 +05:30, 2026-01-01T12:00:00+05:30"
    })
    void isWrittenAsPythonWritesIt(String text, String written) {
        assertThat(ScheduledTime.parse(text).map(ScheduledTime::toString)).contains(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "tomorrow",
                "12:00",
                "2026-01-01",
                "2026-02-30T12:00",
                "2026-01-01T25:00",
                "2026-01-01T12:00+99:00"
            })
    void whatIsNoTimeIsNotRead(String text) {
        assertThat(ScheduledTime.parse(text)).isEmpty();
    }

    @Test
    void withoutAZoneItIsNoMomentUntilOneIsGiven() {
        ScheduledTime time = ScheduledTime.parse("2026-07-01T12:00").orElseThrow();

        assertThat(time.instant()).isEmpty();
        assertThat(time.in(ZoneId.of("Europe/Vienna")).instant()).contains(Instant.parse("2026-07-01T10:00:00Z"));
        assertThat(ScheduledTime.parse("2026-07-01T12:00Z").orElseThrow().in(ZoneId.of("Europe/Vienna")))
                .hasToString("2026-07-01T12:00:00+00:00");
    }
}
