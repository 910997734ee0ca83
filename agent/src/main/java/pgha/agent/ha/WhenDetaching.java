package pgha.agent.ha;

import java.time.Duration;
import java.util.Optional;
import pgha.agent.ha.Leadership.Held;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.Moment;

/**
 * The agent was asked to end and to leave PostgreSQL, its address and the leader key to the next one. Pure.
 *
 * <p>It goes between two tasks, since nobody could tell what half a task has left behind; and a leader goes just after
 * a renewal of its lease, so that the next agent has the most time. What is more urgent is decided as ever: then the
 * answer here is empty.
 */
final class WhenDetaching {
    /** The guard and the kernel have long heard of a renewal by then. */
    private static final Duration SETTLED = Duration.ofMillis(100);

    private WhenDetaching() {}

    static Optional<Decision> decide(Situation s, Moment since) {
        if (s.task().isPresent()) {
            return cancelledCopy(s.task().get());
        }
        if (s.settings().paused()) {
            return s.tenure().armed() ? Optional.empty() : Optional.of(detached(s));
        }
        boolean mustStop =
                s.postgres().mayWrite() && !s.now().isBefore(s.tenure().servesUntil());
        if (mustStop || isBeginning(s) || holdsStaleAddress(s) || mayBeLedPast(s)) {
            return Optional.empty();
        }
        Moment readyAt = readyAt(s, since);
        return Optional.of(
                s.now().isBefore(readyAt)
                        ? Decision.of(Reason.LEAVE_DETACHING, "the next renewal of our lease")
                                .lookAgainAt(readyAt, s.now())
                        : detached(s));
    }

    /** Nobody would take it away for as long as the kernel lets it live. */
    private static boolean holdsStaleAddress(Situation s) {
        return s.vipMayBeBound() && !s.postgres().mayWrite() && !(s.leadership() instanceof Held);
    }

    /**
     * A writer whose key is gone, or under another lease, can be asked whether it writes only while its agent is there. See
     * vacant/leader-key-deleted-and-agent-asked-to-detach.txt.
     */
    private static boolean mayBeLedPast(Situation s) {
        return s.postgres().mayWrite() && s.state().cluster().linkUp() && !(s.leadership() instanceof Held);
    }

    /** A copy may take hours, and the next agent begins it anew; everything else is soon over. */
    private static Optional<Decision> cancelledCopy(RunningTask task) {
        return task.spec() instanceof TaskSpec.BaseBackup && !task.cancelling()
                ? Optional.of(Decision.of(Reason.CANCEL_TASK, task.spec().brief(), "we were asked to detach")
                        .then(new Action.CancelTask(task.id(), Reason.LEAVE_DETACHING)))
                : Optional.empty();
    }

    /** Nobody else could finish the cluster that we are about to begin, or announce it. */
    private static boolean isBeginning(Situation s) {
        boolean unannounced = s.leadership() instanceof Held && !(s.view().initialize() instanceof InitializeKey.Done);
        return unannounced || s.state().genesis().isUnderWay();
    }

    /** At once where there is nothing to renew; never later than a renewal should take. */
    private static Moment readyAt(Situation s, Moment since) {
        if (!(s.leadership() instanceof Held held)) {
            return since;
        }
        Moment patientUntil =
                since.plus(s.timing().renewEvery()).plus(s.timing().requestTimeout());
        Moment sentAt = held.term().sentAt();
        return sentAt.isBefore(since) ? patientUntil : Moment.earlier(sentAt.plus(SETTLED), patientUntil);
    }

    private static Decision detached(Situation s) {
        Decision decision = Decision.of(Reason.LEAVE_DETACHED, untilWhen(s));
        return decision.then(new Action.Exit(ExitCode.STOPPED, decision.sentence()));
    }

    private static String untilWhen(Situation s) {
        boolean guarded = s.postgres().mayWrite() && !s.settings().paused();
        return guarded
                ? ", for %s unless an agent is back"
                        .formatted(s.until(s.tenure().fencedAt()))
                : "";
    }
}
