package pgha.agent.lease;

import java.util.Optional;
import pgha.agent.ha.LeaseTerm;
import pgha.agent.ha.Vouch;
import pgha.dcs.model.Moment;

/** When a lease is renewed. Pure. */
final class RenewalRule {
    private RenewalRule() {}

    /** It is time, the loop vouches for it, and the term is still good for serving: after that only a new lease is. */
    static boolean isDue(LeaseTerm term, Optional<Vouch> vouch, Moment now) {
        boolean vouchedFor = vouch.filter(v -> v.lease().equals(term.lease()))
                .filter(v -> !v.hasLapsedAt(now))
                .isPresent();
        return !now.isBefore(dueAt(term)) && vouchedFor && term.serves(now);
    }

    static Moment dueAt(LeaseTerm term) {
        return term.sentAt().plus(term.timing().renewEvery());
    }
}
