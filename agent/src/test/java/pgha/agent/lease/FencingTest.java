package pgha.agent.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.helpers.NOPLogger;
import pgha.agent.ha.LeaseTerm;
import pgha.agent.ha.Timing;
import pgha.agent.os.NotifySocket;
import pgha.agent.os.Systemd;
import pgha.agent.watchdog.SystemdWatchdog;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Moment;

/** The fence with a clock of its own, and a notify socket in systemd's place. */
class FencingTest {
    private static final Duration TTL = Duration.ofSeconds(10);
    private static final LeaseId LEASE = new LeaseId(1);

    @TempDir
    Path directory;

    private final Terms terms = new Terms();
    private Moment now = Moment.EARLIEST.plus(Duration.ofSeconds(100));
    private boolean dies;
    private int kills;

    @Test
    void systemdHearsNothingFromAFenceThatCannotKill() {
        Path path = directory.resolve("notify");
        Map<String, String> environment = Map.of("NOTIFY_SOCKET", path.toString(), "WATCHDOG_USEC", "3000000");
        try (NotifySocket heard = NotifySocket.bind(path.toString());
                Systemd systemd = Systemd.from(environment)) {
            Fencing fencing = fencing(new SystemdWatchdog(systemd, () -> Moment.NEVER, TTL));
            terms.publish(new LeaseTerm(LEASE, now, TTL, new Timing(TTL)));
            terms.arm(LEASE);
            turnUntil(fencing, terms.fenceAt());
            assertThat(heard.received()).as("pings of a good term").isEqualTo(9);

            turnUntil(fencing, now.plus(Duration.ofSeconds(5)));
            assertThat(kills).isEqualTo(100);
            assertThat(heard.received()).as("pings while it cannot kill").isZero();

            dies = true;
            turnUntil(fencing, now.plus(Duration.ofSeconds(2)));
            assertThat(heard.received()).as("pings once it is dead").isEqualTo(2);
        }
    }

    @Test
    void systemdHearsNothingOfALoopThatHangs() {
        Path path = directory.resolve("notify");
        Map<String, String> environment = Map.of("NOTIFY_SOCKET", path.toString(), "WATCHDOG_USEC", "3000000");
        try (NotifySocket heard = NotifySocket.bind(path.toString());
                Systemd systemd = Systemd.from(environment)) {
            Moment hangs = now.plus(Duration.ofSeconds(4));
            Fencing fencing = fencing(new SystemdWatchdog(systemd, () -> hangs, TTL));

            turnUntil(fencing, now.plus(Duration.ofSeconds(20)));

            assertThat(heard.received()).isEqualTo(4);
        }
    }

    @Test
    void aUnitsTimeoutThatIsTooLongForTheLeaseIsLowered() {
        Path path = directory.resolve("notify");
        Map<String, String> environment = Map.of("NOTIFY_SOCKET", path.toString(), "WATCHDOG_USEC", "10000000");
        try (NotifySocket heard = NotifySocket.bind(path.toString());
                Systemd systemd = Systemd.from(environment)) {
            SystemdWatchdog watchdog = new SystemdWatchdog(systemd, () -> Moment.NEVER, Duration.ofSeconds(6));

            assertThat(heard.receive()).isEqualTo("WATCHDOG_USEC=3000000");
            assertThat(watchdog.ping(now)).isEqualTo(now.plus(Duration.ofSeconds(1)));
        }
    }

    private Fencing fencing(Fence.Watchdog watchdog) {
        Fence.Writer writer = () -> {
            kills++;
            return dies;
        };
        return new Fencing(terms, () -> now, writer, () -> {}, watchdog, NOPLogger.NOP_LOGGER);
    }

    /** As the thread does it: the next turn when the last one has said. */
    private void turnUntil(Fencing fencing, Moment end) {
        while (now.isBefore(end)) {
            Moment next = fencing.turn();
            now = next.isAfter(now) ? Moment.earlier(next, end) : now;
        }
    }
}
