package pgha.agent.ha;

import java.util.Optional;
import pgha.dcs.model.LeaderRecord;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;

/**
 * How a changed ttl reaches the lease that is held: the leader key is put under another one. Pure.
 *
 * <p>Should the answer to that not come, the key may be under either. Until we know, neither is renewed, and we count on
 * the one that we held: so the new one must not be over before it. A longer one is taken at once; for a shorter one the
 * held lease first runs down to its length.
 */
final class LeaseLength {
    private LeaseLength() {}

    /** What a primary does that has nothing else to do but to serve. */
    static Decision adjusted(Decision serve, Situation s, LeaseTerm term) {
        boolean asSet = term.timing().equals(s.timing()) && !s.tenure().doubt();
        Optional<LeaderRecord> key = s.view().leader();
        if (asSet || key.isEmpty() || term.basis() == LeaseTerm.Basis.MEMBERS) {
            return serve;
        }
        return wouldShorten(s)
                ? runDown(s).then(serve.actions())
                : serve.then(rebind(s, key.get().modified()));
    }

    private static Decision runDown(Situation s) {
        Moment then = mayShortenAt(s);
        return Decision.of(Reason.SHORTEN_LEASE, s.settings().ttl().toSeconds(), s.until(then))
                .lookAgainAt(then, s.now());
    }

    static Action.RebindLease rebind(Situation s, Revision seen) {
        return new Action.RebindLease(seen, s.tenure().term().map(LeaseTerm::lease));
    }

    static boolean wouldShorten(Situation s) {
        return fenceOfANewTerm(s).isBefore(s.tenure().fencedAt());
    }

    /** What whoever does not serve does meanwhile. */
    static Decision keepLonger(Situation s) {
        return Decision.of(Reason.REBIND_LATER, s.until(s.tenure().fencedAt())).lookAgainAt(mayShortenAt(s), s.now());
    }

    static boolean runsDown(Decision decision) {
        return decision.reason() == Reason.SHORTEN_LEASE || decision.reason() == Reason.REBIND_LATER;
    }

    /** When the lease that we hold ends no later than one that is taken then. */
    private static Moment mayShortenAt(Situation s) {
        return s.now().plus(fenceOfANewTerm(s).until(s.tenure().fencedAt()));
    }

    private static Moment fenceOfANewTerm(Situation s) {
        return new LeaseTerm(LeaseId.NONE, s.now(), s.settings().ttl(), s.timing()).fenceAt();
    }
}
