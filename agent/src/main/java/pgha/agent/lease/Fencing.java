package pgha.agent.lease;

import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import pgha.dcs.model.Moment;

/**
 * When a writer is killed by force, and what comes with it.
 *
 * <p>Confined to its owner: the thread of {@link Fence}, or a simulation. Shares with the rest of the agent one atomic
 * read of the terms and no lock.
 */
public final class Fencing {
    private static final Duration AGAIN = Duration.ofMillis(50);

    private final Terms terms;
    private final Supplier<Moment> clock;
    private final Fence.Writer writer;
    private final Fence.Address address;
    private final Fence.Watchdog watchdog;
    private final Logger log;

    public Fencing(
            Terms terms,
            Supplier<Moment> clock,
            Fence.Writer writer,
            Fence.Address address,
            Fence.Watchdog watchdog,
            Logger log) {
        this.terms = terms;
        this.clock = clock;
        this.writer = writer;
        this.address = address;
        this.watchdog = watchdog;
        this.log = log;
    }

    /** Strikes if it is time, else says that all is well; when to come again, or sooner if the terms change. */
    public Moment turn() {
        Moment now = clock.get();
        Moment fenceAt = terms.fenceAt();
        return now.isBefore(fenceAt) ? Moment.earlier(fenceAt, watchdog.ping(now)) : strike(fenceAt);
    }

    /** Without a ping: if this does not succeed, systemd is next. */
    private Moment strike(Moment fenceAt) {
        log.error("the term has ended and PostgreSQL may still write: killing it");
        boolean dead = writer.killNow();
        address.unbindNow();
        if (dead && terms.fenceAt().equals(fenceAt)) {
            terms.retireWriter();
            log.warn("PostgreSQL is killed; it starts again under a new term");
            return clock.get();
        }
        return clock.get().plus(AGAIN);
    }
}
