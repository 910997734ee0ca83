package pgha.agent.lease;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pgha.agent.os.BootClock;
import pgha.agent.os.BootTimer;
import pgha.dcs.model.Moment;

/**
 * The last resort inside the process: when the term ends, the writer dies, whatever else is going on.
 *
 * <p>Owns the thread {@code fence}. Shares with the rest of the agent one atomic read and no lock; has a netlink socket
 * of its own behind {@link Address}. Waits on a timer of the boot clock, woken early by a newer term.
 */
public final class Fence implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Fence.class);
    private static final Duration AGAIN = Duration.ofMillis(50);

    /** Who can be killed. */
    public interface Writer {
        /** Kills it, by force at once; true when none of its processes can acknowledge anything any more. */
        boolean killNow();
    }

    /** What leads clients to the writer. */
    public interface Address {
        /** Ends the connections that are left on it, and takes it off this host. */
        void unbindNow();
    }

    /** Who restarts a process that hangs. */
    public interface Watchdog {
        /** Says that all is well, and returns when that has to be said again. */
        Moment ping(Moment now);
    }

    private final Terms terms;
    private final BootClock clock;
    private final BootTimer timer;
    private final Writer writer;
    private final Address address;
    private final Watchdog watchdog;

    public Fence(Terms terms, BootClock clock, BootTimer timer, Writer writer, Address address, Watchdog watchdog) {
        this.terms = terms;
        this.clock = clock;
        this.timer = timer;
        this.writer = writer;
        this.address = address;
        this.watchdog = watchdog;
        terms.listen(timer::wake);
    }

    @Override
    public void run() {
        while (!Thread.currentThread().isInterrupted()) {
            Moment now = clock.now();
            Moment fenceAt = terms.fenceAt();
            if (now.isBefore(fenceAt)) {
                timer.awaitUntil(Moment.earlier(fenceAt, watchdog.ping(now)));
            } else {
                strike(fenceAt);
            }
        }
    }

    /** Without a ping: if this does not succeed, systemd is next. */
    private void strike(Moment fenceAt) {
        log.error("the term has ended and PostgreSQL may still write: killing it");
        boolean dead = writer.killNow();
        address.unbindNow();
        if (dead && terms.fenceAt().equals(fenceAt)) {
            terms.retireWriter();
            log.warn("PostgreSQL is killed; it starts again under a new term");
            return;
        }
        timer.awaitUntil(clock.now().plus(AGAIN));
    }
}
