package pgha.agent.ha;

import java.util.ArrayList;
import java.util.List;
import pgha.agent.ha.Leadership.HeldByOther;

/**
 * Pause: PostgreSQL is the operator's business. Pure.
 *
 * <p>Fence and guard stand down, for what they would do is just what nobody wants now. So the address loses its lifetime
 * and stays for as long as PostgreSQL is primary here; and a primary keeps the leader key, or takes it back, so that
 * everybody still finds it.
 */
final class WhenPaused {
    private WhenPaused() {}

    static Decision decide(Situation s, Leadership leadership) {
        return HandOverInPause.decide(s, leadership).orElseGet(() -> hold(s, leadership));
    }

    private static Decision hold(Situation s, Leadership leadership) {
        Decision paused = Decision.of(Reason.PAUSED);
        return s.postgres() instanceof PostgresView.Unseen
                ? paused
                : paused.then(WhenStandby.address(s, leadership).orElseGet(() -> address(s, leadership)))
                        .then(standDown(s))
                        .then(leaderKey(s, leadership));
    }

    /** What ends fencing; empty once it is off, and while a server is made a writer, which is watched to its end. */
    static List<Action> standDown(Situation s) {
        boolean begins =
                s.task().map(RunningTask::spec).filter(TaskSpec::makesWriter).isPresent();
        return s.tenure().armed() && !begins ? List.of(new Action.RetireWriter()) : List.of();
    }

    private static List<Action> address(Situation s, Leadership leadership) {
        List<Action> actions = new ArrayList<>();
        boolean serves = s.postgres().mayWrite() && !(leadership instanceof HeldByOther);
        boolean hasOne = s.state().local().vip() != VipState.NOT_CONFIGURED;
        if (serves && hasOne && (s.tenure().armed() || s.lacksVip())) {
            actions.add(new Action.HoldVip());
        }
        if (!serves && s.vipMayBeBound()) {
            actions.add(new Action.UnbindVip());
        }
        return actions;
    }

    private static List<Action> leaderKey(Situation s, Leadership leadership) {
        boolean current = s.postgres() instanceof PostgresView.Primary primary
                && !primary.sql().timeline().isBehind(s.clusterTimeline());
        if (!current || s.isInFlight(ActionKey.ACQUIRE)) {
            return List.of();
        }
        return switch (leadership) {
            case Leadership.Vacant vacant ->
                List.of(new Action.AcquireLease(s.view().revision()));
            case Leadership.Unknown unknown ->
                unknown.rebind()
                        .filter(seen -> !LeaseLength.wouldShorten(s))
                        .<List<Action>>map(seen -> List.of(LeaseLength.rebind(s, seen)))
                        .orElse(List.of());
            case Leadership.Held held -> List.of();
            case HeldByOther other -> List.of();
        };
    }
}
