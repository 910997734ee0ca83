package pgha.agent.store;

import java.time.Duration;
import java.util.Optional;
import pgha.agent.ha.Timing;
import pgha.dcs.DcsReply;
import pgha.dcs.DcsReply.Done;
import pgha.dcs.DcsReply.NoAnswer;
import pgha.dcs.DcsReply.Refused;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;

/**
 * The lease under which a member's record is kept, and what becomes of it after each answer of the store.
 *
 * <p>Immutable. Everything counts from the moment at which the request was sent: when the store began to count is known
 * to nobody.
 */
public record MemberLease(LeaseId id, Duration ttl, Moment renewAt) {
    private static final int RENEWALS_IN_A_TTL = 3;

    public static MemberLease granted(LeaseId id, Moment sentAt, Timing timing) {
        return new MemberLease(id, timing.ttl(), sentAt.plus(timing.ttl().dividedBy(RENEWALS_IN_A_TTL)));
    }

    /** How long one request about it, or under it, may take. */
    public static Duration budget(Timing timing) {
        return timing.requestTimeout().multipliedBy(2);
    }

    public boolean isDue(Moment now) {
        return !now.isBefore(renewAt);
    }

    /** False once the cluster has another TTL: then the next record has another lease. */
    public boolean suits(Timing timing) {
        return ttl.equals(timing.ttl());
    }

    /** What is left of it once a renewal was answered; empty if the store does not know it any more. */
    public Optional<MemberLease> renewed(DcsReply<Duration> reply, Moment sentAt, Timing timing) {
        return switch (reply) {
            case Done<Duration> renewed -> Optional.of(granted(id, sentAt, timing));
            case NoAnswer<Duration> none -> Optional.of(new MemberLease(id, ttl, sentAt.plus(timing.requestTimeout())));
            case Refused<Duration> gone -> Optional.empty();
        };
    }

    /** A record is refused for one cause: its lease is gone, and the next attempt has a new one. */
    public static boolean isGoneAfterPut(DcsReply<Revision> reply) {
        return reply instanceof Refused<Revision>;
    }

    /** A claim that may have been made, and that nobody knows as his, goes with the lease it was made under. */
    public static boolean isGivenUpAfterClaim(DcsReply<Revision> reply) {
        return reply instanceof NoAnswer<Revision>;
    }
}
