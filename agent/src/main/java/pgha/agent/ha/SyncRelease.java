package pgha.agent.ha;

import java.util.Optional;
import pgha.agent.ha.Leadership.HeldByOther;
import pgha.dcs.model.Moment;
import pgha.dcs.model.SynchronousMode;
import pgha.dcs.model.Tags;

/**
 * A replica that is to be stopped on purpose asks the leader to go on without it first, so that no commit waits for it. Pure.
 *
 * <p>It asks as a member of Patroni does: by tags that keep it from being waited for, until it is up again.
 */
final class SyncRelease {
    private SyncRelease() {}

    /** The tags that we publish. */
    static Tags tags(Situation s) {
        Tags own = s.self().tags();
        boolean inForce = s.settings().synchronousMode() != SynchronousMode.OFF;
        boolean fresh = FreshCopy.isHere(s.state());
        if (!inForce || !(fresh || isToStop(s))) {
            return own;
        }
        Tags released = own.with("nosync", "true").with("sync_priority", "0");
        return fresh ? FreshCopy.tags(released) : released;
    }

    private static boolean isToStop(Situation s) {
        boolean leaving =
                s.state().stopRequestedAt().isPresent() && !s.settings().paused();
        return leaving || s.state().work().errands().present().isPresent();
    }

    /**
     * What comes before the stop that was asked for at {@code since}: empty if there is nothing to wait for, or if that
     * has taken too long.
     */
    static Optional<Decision> beforeStopping(Situation s, Leadership leadership, Moment since) {
        Moment until = since.plus(s.settings().loopWait());
        boolean named = Succession.inForce(s)
                .filter(sync -> sync.voters().contains(s.self().name()))
                .isPresent();
        boolean waits = named && s.state().cluster().linkUp() && s.now().isBefore(until);
        return waits && leadership instanceof HeldByOther other
                ? Optional.of(Decision.of(Reason.RELEASE_SYNC, other.leader(), s.until(until))
                        .lookAgainAt(until, s.now()))
                : Optional.empty();
    }
}
