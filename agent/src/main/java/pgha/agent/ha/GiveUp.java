package pgha.agent.ha;

import java.util.List;
import java.util.Optional;
import pgha.dcs.model.Lsn;

/** The way out of a lease whose writer is stopped: guard and address first, then the leader key (I3). */
final class GiveUp {
    private GiveUp() {}

    static List<Action> actions(Situation s, LeaseTerm term, Optional<Lsn> last) {
        if (s.tenure().armed() || s.vipMayBeBound()) {
            return List.of(new Action.RetireWriter(), new Action.UnbindVip());
        }
        return List.of(new Action.ReleaseLease(term.lease(), last));
    }
}
