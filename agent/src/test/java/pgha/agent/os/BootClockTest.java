package pgha.agent.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import pgha.dcs.model.Moment;

class BootClockTest {
    private final BootClock clock = new BootClock();

    @Test
    void itNeverGoesBack() {
        Moment first = clock.now();
        Moment second = clock.now();

        assertThat(second).isGreaterThanOrEqualTo(first);
    }

    /** The guard, a script, reads its deadlines there. */
    @Test
    void itIsTheClockOfProcUptime() throws Exception {
        Moment before = clock.now();
        String seconds = Files.readString(Path.of("/proc/uptime")).split(" ", 2)[0];
        Moment after = clock.now();

        // The file cuts to hundredths.
        Moment uptime = new Moment(new BigDecimal(seconds).movePointRight(9).longValueExact());
        assertThat(uptime.nanos()).isBetween(before.nanos() - 10_000_000, after.nanos());
    }
}
