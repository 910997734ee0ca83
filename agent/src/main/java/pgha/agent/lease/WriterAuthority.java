package pgha.agent.lease;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import pgha.agent.ha.LeaseTerm;
import pgha.agent.ha.Timing;
import pgha.agent.postgres.WriterPermit;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Moment;

/**
 * Lets a server become a writer only under a good term, and only once the guard knows when to stop it.
 *
 * <p>Thread-safe. Every change of the terms goes on to the guard from here, so that it never knows less than the fence.
 */
public final class WriterAuthority implements WriterPermit {
    private final Terms terms;
    private final LeaseGuard guard;
    private final HostWatchdog watchdog;
    private final Supplier<Moment> clock;
    /** Under which lease the guard was last told a deadline. */
    private final AtomicReference<Optional<LeaseId>> fed = new AtomicReference<>(Optional.empty());

    public WriterAuthority(Terms terms, LeaseGuard guard, HostWatchdog watchdog, Supplier<Moment> clock) {
        this.terms = terms;
        this.guard = guard;
        this.watchdog = watchdog;
        this.clock = clock;
        terms.listen(this::feed);
    }

    @Override
    public Optional<String> arm(LeaseId lease) throws InterruptedException {
        if (!terms.arm(lease)) {
            return Optional.of("the lease it was to run under is not ours any more");
        }
        Optional<String> refused = guard.arm(terms.fenceAt()).or(watchdog::activate);
        // Half armed, the guard would strike at the replica that runs here next: nobody would know that it is.
        refused.ifPresent(why -> retire());
        return refused;
    }

    @Override
    public Optional<String> confirm(LeaseId lease) {
        return terms.allow(lease, clock.get())
                ? Optional.empty()
                : Optional.of("the term it was to run under has ended");
    }

    /**
     * A server was found running that an earlier process of ours left: its guard knows until when it may write. Without a
     * guard that is armed a replica needs none, and a primary gets a short time in which to ask the store.
     *
     * @param isReplica or a primary in pause, which needs none either
     * @return when it will be stopped, if it will
     */
    public Optional<Moment> adopt(boolean isReplica, Timing timing) {
        Duration grace = timing.stopBudget().multipliedBy(2);
        Optional<Moment> otherwise =
                isReplica ? Optional.empty() : Optional.of(clock.get().plus(grace));
        Optional<Moment> fenceAt = guard.inheritedDeadline().or(() -> otherwise);
        fenceAt.ifPresentOrElse(
                at -> {
                    terms.inherit(at);
                    guard.adopt(at);
                },
                watchdog::deactivate);
        return fenceAt;
    }

    /** Nothing here can write, or nobody minds. */
    public void retire() {
        terms.retireWriter();
        guard.disarm();
        watchdog.deactivate();
    }

    private void feed() {
        Optional<LeaseTerm> term = terms.current();
        if (!terms.isArmed() || term.isEmpty()) {
            return;
        }
        LeaseId lease = term.get().lease();
        if (Optional.of(lease).equals(fed.getAndSet(Optional.of(lease)))) {
            guard.feed(terms.fenceAt());
        } else {
            guard.move(terms.fenceAt());
        }
    }
}
