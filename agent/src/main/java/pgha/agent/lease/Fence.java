package pgha.agent.lease;

import org.slf4j.LoggerFactory;
import pgha.agent.os.BootClock;
import pgha.agent.os.BootTimer;
import pgha.dcs.model.Moment;

/**
 * The last resort inside the process: when the term ends, the writer dies, whatever else is going on.
 *
 * <p>The thread {@code fence}, which takes the turns of {@link Fencing}. Has a netlink socket of its own behind {@link
 * Address}. Waits on a timer of the boot clock, woken early by a newer term.
 */
public final class Fence implements Runnable {
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

    private final BootTimer timer;
    private final Fencing fencing;

    public Fence(Terms terms, BootClock clock, BootTimer timer, Writer writer, Address address, Watchdog watchdog) {
        this.timer = timer;
        this.fencing = new Fencing(terms, clock::now, writer, address, watchdog, LoggerFactory.getLogger(Fence.class));
        terms.listen(timer::wake);
    }

    @Override
    public void run() {
        while (!Thread.currentThread().isInterrupted()) {
            timer.awaitUntil(fencing.turn());
        }
    }
}
