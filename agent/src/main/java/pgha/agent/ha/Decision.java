package pgha.agent.ha;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgha.dcs.model.Moment;

/**
 * What a node does now, and why.
 *
 * <p>Immutable. It holds at most one task (law C3).
 *
 * @param sentence the reason with its facts
 * @param task the long operation to begin
 * @param actions in the order in which they are to be taken
 * @param lookAgainIn when to look again if nothing happens
 * @param vouch for the lease that is to be renewed
 */
public record Decision(
        Reason reason,
        String sentence,
        Optional<TaskSpec> task,
        List<Action> actions,
        Duration lookAgainIn,
        Optional<Vouch> vouch) {

    /** The loop looks at least this often: a vouch rests on it, and no wait spans a suspended host. */
    static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

    public Decision {
        actions = List.copyOf(actions);
    }

    static Decision of(Reason reason, Object... facts) {
        return new Decision(
                reason, reason.sentence(facts), Optional.empty(), List.of(), LONGEST_LOOK, Optional.empty());
    }

    Decision start(TaskSpec spec) {
        return new Decision(reason, sentence, Optional.of(spec), actions, lookAgainIn, vouch);
    }

    Decision then(Action... more) {
        return then(List.of(more));
    }

    Decision then(List<? extends Action> more) {
        List<Action> all = new ArrayList<>(actions);
        all.addAll(more);
        return new Decision(reason, sentence, task, all, lookAgainIn, vouch);
    }

    /** Look again at {@code moment}, or at the usual time if that is sooner. */
    Decision lookAgainAt(Moment moment, Moment now) {
        Duration until = now.until(moment);
        Duration in = until.isNegative() ? Duration.ZERO : until;
        return in.compareTo(lookAgainIn) < 0 ? new Decision(reason, sentence, task, actions, in, vouch) : this;
    }

    Decision vouching(Vouch word) {
        return new Decision(reason, sentence, task, actions, lookAgainIn, Optional.of(word));
    }

    /** The same without what is still under way (law C4); looking again when what only rests may be asked for anew. */
    Decision without(InFlight inFlight, Moment now) {
        List<Action> fresh = new ArrayList<>();
        Decision rested = this;
        for (Action action : actions) {
            Optional<ActionKey> key = action.key();
            if (key.isEmpty() || !inFlight.holds(key.get(), now)) {
                fresh.add(action);
            } else {
                rested = rested.lookAgainAt(inFlight.wakesAt(key.get()), now);
            }
        }
        return new Decision(reason, sentence, task, fresh, rested.lookAgainIn, vouch);
    }

    boolean retires() {
        return actions.stream().anyMatch(Action.RetireWriter.class::isInstance);
    }

    boolean releases() {
        return actions.stream().anyMatch(Action.ReleaseLease.class::isInstance);
    }
}
