package pgha.agent.ha;

import pgha.agent.ha.Leadership.Held;
import pgha.agent.ha.Leadership.HeldByOther;
import pgha.agent.ha.Leadership.Unknown;
import pgha.agent.ha.Leadership.Vacant;

/** Decides what this node does next. Pure and total. */
final class Decider {
    private Decider() {}

    static Decision decide(Situation s) {
        Leadership leadership = s.leadership();
        Decision decision = Overrides.decide(s, leadership).orElseGet(() -> switch (leadership) {
            case Held held -> WhenLeading.decide(s, held.term());
            case HeldByOther other -> WhenFollowing.decide(s, other.leader());
            case Vacant vacant -> WhenVacant.decide(s, vacant.since());
            case Unknown unknown -> WhenBlind.decide(s, unknown);
        });
        return vouched(decision.then(Upkeep.actions(s, leadership, decision)), s, leadership);
    }

    /** Whoever leads and is not giving it up wants the lease renewed; nobody else does. */
    private static Decision vouched(Decision decision, Situation s, Leadership leadership) {
        return leadership instanceof Held held && !decision.releases()
                ? decision.vouching(
                        new Vouch(held.term().lease(), s.now().plus(s.timing().vouchFor())))
                : decision;
    }
}
