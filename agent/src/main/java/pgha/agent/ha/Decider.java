package pgha.agent.ha;

import java.util.Optional;
import pgha.agent.ha.Leadership.Held;
import pgha.agent.ha.Leadership.HeldByOther;
import pgha.agent.ha.Leadership.Unknown;
import pgha.agent.ha.Leadership.Vacant;
import pgha.dcs.model.Moment;

/** Decides what this node does next. Pure and total. */
final class Decider {
    private Decider() {}

    static Decision decide(Situation asked) {
        Optional<Action.AnswerFailsafe> answer = Failsafe.answer(asked);
        Situation s = answer.map(asked::having).orElse(asked);
        Leadership leadership = s.leadership();
        Decision decision = Overrides.decide(s, leadership).orElseGet(() -> switch (leadership) {
            case Held held -> WhenLeading.decide(s, held.term());
            case HeldByOther other -> WhenFollowing.decide(s, other.leader());
            case Vacant vacant -> WhenVacant.decide(s, vacant.since());
            case Unknown unknown -> WhenBlind.decide(s, unknown);
        });
        Decision whole = vouched(decision.then(Upkeep.actions(s, leadership, decision)), s, leadership)
                .then(answer.stream().toList());
        return Agenda.next(s.state())
                .filter(s.now()::isBefore)
                .map(due -> whole.lookAgainAt(due, s.now()))
                .orElse(whole);
    }

    /** Whoever leads and is not giving the lease up, or waiting for a shorter one, wants it renewed; nobody else does. */
    private static Decision vouched(Decision decision, Situation s, Leadership leadership) {
        if (leadership instanceof Held held) {
            Moment until = s.now().plus(s.timing().vouchFor());
            return decision.releases() || LeaseLength.runsDown(decision)
                    ? decision
                    : decision.vouching(Vouch.byStore(held.term().lease(), until, Failsafe.electorate(s)));
        }
        return Failsafe.vouch(s, leadership, decision).map(decision::vouching).orElse(decision);
    }
}
