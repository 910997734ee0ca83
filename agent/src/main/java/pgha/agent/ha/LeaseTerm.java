package pgha.agent.ha;

import java.time.Duration;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Moment;

/**
 * One confirmed stretch of a lease, and the moments at which we must act on it.
 *
 * <p>Immutable.
 *
 * @param sentAt when the request that granted or prolonged the lease was sent: the store cannot have begun to count
 *     before that, and we do not know when it did
 * @param ttl what the store promised, counted from a moment after {@code sentAt}
 */
public record LeaseTerm(LeaseId lease, Moment sentAt, Duration ttl, Timing timing, Basis basis) {
    /** On whose word it rests that nobody else leads. */
    public enum Basis {
        /** The store's, which keeps the leader key for us. */
        STORE,
        /** That of every member which could be elected: failsafe mode. */
        MEMBERS
    }

    public LeaseTerm(LeaseId lease, Moment sentAt, Duration ttl, Timing timing) {
        this(lease, sentAt, ttl, timing, Basis.STORE);
    }

    /** The earliest moment at which the store may give the lease away. Counted from when we asked. */
    public Moment expiresAt() {
        return sentAt.plus(ttl);
    }

    /** From here on the writer is killed rather than asked. */
    public Moment fenceAt() {
        return expiresAt().minus(timing.killBudget()).minus(timing.driftOver(ttl));
    }

    /** From here on we stop serving of our own accord. */
    public Moment demoteAt() {
        return fenceAt().minus(timing.stopBudget());
    }

    /** Whether it is worth serving under this term. */
    public boolean serves(Moment now) {
        return now.isBefore(demoteAt());
    }
}
