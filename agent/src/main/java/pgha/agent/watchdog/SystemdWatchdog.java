package pgha.agent.watchdog;

import java.time.Duration;
import java.util.function.Supplier;
import pgha.agent.lease.Fence;
import pgha.agent.os.Systemd;
import pgha.dcs.model.Moment;

/**
 * Tells systemd, from the thread of the fence, that this process is alive, while its loop keeps its promises.
 *
 * <p>A fence that cannot kill a writer whose term has ended does not ask, and then systemd is next.
 */
public final class SystemdWatchdog implements Fence.Watchdog {
    private static final int PINGS_IN_A_TIMEOUT = 3;

    private final Systemd systemd;
    private final Supplier<Moment> aliveUntil;
    private final Duration interval;

    /**
     * @param aliveUntil the loop has promised to have looked again before this moment
     * @param ttl a unit's WatchdogSec of more than half of it is lowered to that
     */
    public SystemdWatchdog(Systemd systemd, Supplier<Moment> aliveUntil, Duration ttl) {
        this.systemd = systemd;
        this.aliveUntil = aliveUntil;
        Duration longest = ttl.dividedBy(2);
        Duration given = systemd.watchdogTimeout().orElse(Duration.ZERO);
        if (given.compareTo(longest) > 0) {
            systemd.setWatchdogTimeout(longest);
            given = longest;
        }
        this.interval = given.isZero() ? Duration.ofHours(1) : given.dividedBy(PINGS_IN_A_TIMEOUT);
    }

    @Override
    public Moment ping(Moment now) {
        if (now.isBefore(aliveUntil.get())) {
            systemd.pingWatchdog();
        }
        return now.plus(interval);
    }
}
