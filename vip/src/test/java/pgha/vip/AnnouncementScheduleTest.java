package pgha.vip;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnnouncementScheduleTest {
    @ParameterizedTest
    @CsvSource({
        "0,       50",
        "49,      50",
        "50,      150",
        "150,     350",
        "350,     750",
        "750,     5000",
        "4999,    5000",
        "5000,    5050",
        "5400,    5750",
        "5750,    10000",
        "9999,    10000",
        "10000,   20000",
        "3600000, 3610000",
    })
    void aBurstTheSameAgainThenNowAndThen(long sinceBindingMillis, long nextMillis) {
        Duration next = AnnouncementSchedule.STANDARD.nextAfter(Duration.ofMillis(sinceBindingMillis));

        assertThat(next).isEqualTo(Duration.ofMillis(nextMillis));
    }
}
