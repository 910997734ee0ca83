package pgha.agent.ha;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import pgha.agent.ha.Leadership.Held;
import pgha.agent.ha.TaskSpec.StopMode;
import pgha.agent.ha.TaskSpec.StopPostgres;
import pgha.dcs.model.LeaderRecord;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Member;
import pgha.dcs.model.Moment;

/** The agent was asked to stop: PostgreSQL in good order first, then the address, then the lease, then us. */
final class WhenLeaving {
    /** An orderly stop may take long; whoever supervises us has a limit of his own. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Duration PATIENCE_WITH_STORE = Duration.ofSeconds(2);

    /**
     * An agent that was frozen finds the order to stop before what the store has said meanwhile; and if it leaves in a
     * pause that is over, nobody is left to stop the server when another is elected.
     */
    private static final Duration NEWS = Duration.ofMillis(200);

    private WhenLeaving() {}

    static Decision decide(Situation s, Leadership leadership, Moment since) {
        if (s.settings().paused() && s.tenure().armed()) {
            // The guard would strike without us.
            return WhenPaused.decide(s, leadership);
        }
        Moment newsAt = since.plus(NEWS);
        if (s.settings().paused() && s.now().isBefore(newsAt)) {
            return WhenPaused.decide(s, leadership).lookAgainAt(newsAt, s.now());
        }
        if (s.settings().paused()) {
            return leave("paused: PostgreSQL and the leader key stay as they are");
        }
        if (s.task().isPresent()) {
            return busy(s, leadership, s.task().get());
        }
        return switch (s.postgres()) {
            case PostgresView.Primary p -> stop(s, leadership instanceof Held, since);
            case PostgresView.Replica r ->
                SyncRelease.beforeStopping(s, leadership, since).orElseGet(() -> stop(s, false, since));
            case PostgresView.Starting p -> stop(s, false, since);
            case PostgresView.Unresponsive u -> stop(s, false, since);
            case PostgresView.Stopping p -> stop(s, false, since);
            case PostgresView.Unseen u -> Decision.of(Reason.LOOKING);
            case PostgresView.Stopped p ->
                settle(s, since, Optional.of(p.control().position()));
            case PostgresView.Absent a -> settle(s, since, Optional.empty());
            case PostgresView.Unusable u -> settle(s, since, Optional.empty());
        };
    }

    private static Decision busy(Situation s, Leadership leadership, RunningTask task) {
        if (task.spec() instanceof StopPostgres) {
            return SteppingDown.decide(s, leadership, task);
        }
        Decision waiting = Decision.of(Reason.CANCEL_TASK, task.spec().brief(), "we were asked to stop");
        return task.cancelling() ? waiting : waiting.then(new Action.CancelTask(task.id(), Reason.LEAVE_STOP));
    }

    private static Decision stop(Situation s, boolean leading, Moment since) {
        Moment by = Moment.earlier(since.plus(PATIENCE), s.stopBy());
        return Decision.of(Reason.LEAVE_STOP).start(new StopPostgres(StopMode.FAST, by, leading));
    }

    private static Decision settle(Situation s, Moment since, Optional<Lsn> position) {
        List<Action> first = GiveUp.beforeTheLease(s);
        if (!first.isEmpty()) {
            return Decision.of(Reason.LEAVE_RELEASE).then(first);
        }
        boolean storeAnswers = s.state().cluster().linkUp();
        Optional<LeaseTerm> ours = s.tenure().term().filter(term -> s.view()
                .leader()
                .map(LeaderRecord::lease)
                .filter(term.lease()::equals)
                .isPresent());
        if (ours.isPresent() && storeAnswers) {
            Optional<Lsn> last = s.state().local().lastShutDown().or(() -> position);
            return Decision.of(Reason.LEAVE_RELEASE)
                    .then(new Action.ReleaseLease(ours.get().lease(), last));
        }
        boolean told = s.view()
                .member(s.self().name())
                .map(Member::state)
                .filter(OwnRecord.runState(s.state())::equals)
                .isPresent();
        boolean patient = s.now()
                .isBefore(Moment.later(since, s.state().published().memberAt()).plus(PATIENCE_WITH_STORE));
        if (!told && storeAnswers && patient && s.view().member(s.self().name()).isPresent()) {
            return Decision.of(Reason.LEAVE_TELL);
        }
        return leave(Reason.LEAVE.sentence());
    }

    private static Decision leave(String sentence) {
        return Decision.of(Reason.LEAVE).then(new Action.Exit(ExitCode.STOPPED, sentence));
    }
}
