package pgha.agent.ha;

import java.util.Optional;
import pgha.agent.ha.Leadership.Held;
import pgha.agent.ha.Leadership.HeldByOther;
import pgha.agent.ha.Leadership.Unknown;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.MemberName;

/**
 * A task owns the data directory: let it go on, or cancel it if what it was begun for is gone.
 *
 * <p>A wish for a switchover cancels nothing: a server that is just being promoted, or that recovers after a crash, gets
 * to its end first. Cut off in the middle it would leave nobody who knows where its log ends, and so nobody to hand over
 * to; once it is primary it hands over in order.
 */
final class WhenBusy {
    private WhenBusy() {}

    static Decision decide(Situation s, Leadership leadership, RunningTask task) {
        if (task.spec() instanceof TaskSpec.StopPostgres) {
            return SteppingDown.decide(s, leadership, task);
        }
        Decision busy = Decision.of(
                Reason.BUSY,
                task.spec().brief(),
                Situation.text(task.since().until(s.now())),
                task.note().isEmpty() ? "" : ": " + task.note());
        if (task.cancelling()) {
            return busy;
        }
        return objection(s, leadership, task)
                .map(why -> Decision.of(Reason.CANCEL_TASK, task.spec().brief(), why.sentence())
                        .then(new Action.CancelTask(task.id(), why.reason())))
                .orElse(busy);
    }

    private record Objection(Reason reason, String sentence) {}

    /** Why the task should not go on. */
    private static Optional<Objection> objection(Situation s, Leadership leadership, RunningTask task) {
        return switch (task.spec()) {
            case TaskSpec.PrePromote p -> lostLease(s, leadership, p.lease());
            case TaskSpec.Promote p -> lostLease(s, leadership, p.lease());
            case TaskSpec.StartPrimary p -> lostLease(s, leadership, p.lease());
            case TaskSpec.PostBootstrap p -> lostTerm(s, leadership);
            case TaskSpec.InitDb i -> lostClaim(s, leadership);
            case TaskSpec.BaseBackup b -> b.from().flatMap(from -> sourceGone(s, leadership, from.name()));
            case TaskSpec.Rewind r -> sourceGone(s, leadership, r.from().name());
            case TaskSpec.CarrySlots c -> sourceGone(s, leadership, c.from().name());
            case TaskSpec.StartReplica r -> Optional.empty();
            case TaskSpec.Follow f -> Optional.empty();
            case TaskSpec.MoveAside m -> Optional.empty();
            case TaskSpec.StopPostgres p -> Optional.empty();
            case TaskSpec.Checkpoint c -> Optional.empty();
        };
    }

    private static Optional<Objection> lostLease(Situation s, Leadership leadership, LeaseId lease) {
        if (leadership instanceof Held held && !held.term().lease().equals(lease)) {
            return Optional.of(new Objection(Reason.REBIND, "it was begun under another lease"));
        }
        return lostTerm(s, leadership);
    }

    private static Optional<Objection> lostTerm(Situation s, Leadership leadership) {
        return switch (leadership) {
            case Held held -> Optional.empty();
            case HeldByOther other -> Optional.of(new Objection(Reason.DEMOTE_OTHER_LEADS, other.leader() + " leads"));
            case Leadership.Vacant vacant -> Optional.of(new Objection(Reason.RECLAIM, "the leader key is gone"));
            case Unknown unknown ->
                s.now().isBefore(s.tenure().servesUntil())
                        ? Optional.empty()
                        : Optional.of(new Objection(Reason.DEMOTE, "our lease has ended"));
        };
    }

    private static Optional<Objection> lostClaim(Situation s, Leadership leadership) {
        boolean ours = s.view().initialize() instanceof InitializeKey.Claimed claimed
                && s.state().genesis().claim().filter(claimed.at()::equals).isPresent();
        return ours || leadership instanceof Unknown
                ? Optional.empty()
                : Optional.of(new Objection(Reason.BOOTSTRAP_FAILED, "our claim on the new cluster is gone"));
    }

    /** A source that no view shows any more will not finish what it began to send. */
    private static Optional<Objection> sourceGone(Situation s, Leadership leadership, MemberName source) {
        boolean isOutside = WhenStandby.upstream(s)
                .filter(remote -> remote.name().equals(source))
                .isPresent();
        boolean gone = !(leadership instanceof Unknown)
                && !isOutside
                && s.view().member(source).isEmpty();
        return gone ? Optional.of(new Objection(Reason.FOLLOW_WAIT, source + " is gone")) : Optional.empty();
    }
}
