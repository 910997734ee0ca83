package pgha.agent.ha;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgha.dcs.model.Lsn;

/** The way out of a lease whose writer is stopped: guard and address first, then the leader key (I3). */
final class GiveUp {
    private GiveUp() {}

    static List<Action> actions(Situation s, LeaseTerm term, Optional<Lsn> last) {
        List<Action> first = beforeTheLease(s);
        return first.isEmpty() ? List.of(new Action.ReleaseLease(term.lease(), last)) : first;
    }

    /** What of guard and address still has to go; only that, or the one would be asked for while the other is awaited. */
    static List<Action> beforeTheLease(Situation s) {
        List<Action> actions = new ArrayList<>();
        if (s.tenure().armed()) {
            actions.add(new Action.RetireWriter());
        }
        if (s.vipMayBeBound()) {
            actions.add(new Action.UnbindVip());
        }
        return actions;
    }
}
