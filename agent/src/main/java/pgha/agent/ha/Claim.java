package pgha.agent.ha;

import pgha.agent.ha.Leadership.Held;
import pgha.agent.ha.Leadership.HeldByOther;
import pgha.agent.ha.Leadership.Unknown;
import pgha.agent.ha.Leadership.Vacant;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.Moment;

/** Until when a node may tell load balancers that it is the primary, or the leader of a standby cluster. Pure. */
public final class Claim {
    private Claim() {}

    /** {@link Moment#EARLIEST} if it may not; else a moment at which the claim ends even if nobody looks again. */
    public static Moment until(NodeState state, Moment now) {
        boolean cluster = state.view().initialize() instanceof InitializeKey.Done;
        PostgresView postgres = PostgresView.lastSeen(state);
        boolean leadsStandby = state.leadsStandbyCluster() && postgres instanceof PostgresView.Replica;
        boolean serves = leadsStandby || (postgres.mayWrite() && !(postgres instanceof PostgresView.Stopping));
        if (!cluster || !serves) {
            return Moment.EARLIEST;
        }
        return switch (Leadership.of(state, now)) {
            case Held held -> held.term().demoteAt();
            case Unknown unknown -> state.tenure().servesUntil();
            case Vacant vacant -> state.tenure().servesUntil();
            case HeldByOther other -> Moment.EARLIEST;
        };
    }
}
