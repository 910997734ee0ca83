package pgha.agent.ha;

import java.time.Duration;
import java.util.Optional;
import pgha.agent.ha.Tenure.Adopted;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SwitchoverRequest;

/** What an event changes in what a node remembers. Pure; nothing here decides. */
final class Fold {
    private static final Duration SHORT_REST = Duration.ofMillis(100);
    private static final Duration LONG_REST = Duration.ofSeconds(1);

    private Fold() {}

    static NodeState apply(NodeState state, Event event, Moment now) {
        NodeState begun = state.with(state.failsafe().at(now, state.isListed()));
        NodeState ordered = Agenda.settled(Errands.settled(folded(begun, event, now), now), now);
        return ScriptMemory.settled(ordered, Leadership.of(ordered, now));
    }

    private static NodeState folded(NodeState state, Event event, Moment now) {
        return switch (event) {
            case Event.ViewChanged e -> viewChanged(state, e.view(), now);
            case Event.LinkLost e ->
                state.with(state.cluster().lostLink())
                        .with(state.work().with(state.work().inFlight().blind()));
            case Event.LeaseAcquired e -> leaseAcquired(state, e, now);
            case Event.LeaseRefused e ->
                rested(state, ActionKey.ACQUIRE, now, LONG_REST)
                        .with(state.tenure().inDoubt(false));
            case Event.LeaseRenewed e ->
                state.with(state.tenure().renewed(e.term()))
                        .with(state.failsafe().refused(Optional.empty()));
            case Event.LeaseGone e -> state.with(state.tenure().gone(e.lease()));
            case Event.Completed e -> completed(state, e, now);
            case Event.Refused e -> refused(state, e, now);
            case Event.Unanswered e -> unanswered(state, e.key(), now);
            case Event.PostgresObserved e -> observed(state, e, now);
            case Event.PostmasterExited e -> postmasterExited(state, e.pid(), now);
            case Event.WriterAdopted e -> writerAdopted(state, e.fenceAt());
            case Event.PeersAnswered e -> peersAnswered(state, e, now);
            case Event.TaskProgressed e ->
                state.work().isRunning(e.task()) ? state.with(state.work().progressed(e.progress(), now)) : state;
            case Event.TaskFinished e -> taskFinished(state, e, now);
            case Event.VipObserved e -> state.with(state.local().vip(e.vip()));
            case Event.WatchdogChecked e -> state.with(state.local().watchdog(e.failure()));
            case Event.FailsafeAsked e -> state.with(state.failsafe().asked(e.question()));
            case Event.FailsafeRefused e -> state.with(state.failsafe().refused(Optional.of(e.why())));
            case Event.NodeConfigChanged e -> state.with(e.config());
            case Event.StopRequested e -> state.stopRequested(now);
            case Event.DetachRequested e -> state.detachRequested(now);
            case Event.Ordered e -> Errands.heard(state, e, now);
            case Event.RestartPlanned e -> Agenda.planned(state, e);
            case Event.RestartUnplanned e -> Agenda.unplanned(state, e);
            case Event.TimesRead e -> state.with(state.agenda().reading(e.times()));
            case Event.TimerFired e -> state;
        };
    }

    private static NodeState viewChanged(NodeState state, ClusterView view, Moment now) {
        if (state.cluster().linkUp() && state.view().revision().isAfter(view.revision())) {
            // Our own write is newer than what the watch has told so far.
            return state;
        }
        Work work = state.work().with(state.work().inFlight().seen(view.revision()));
        NodeState seen =
                state.with(state.cluster().saw(state.name(), view, now)).with(work);
        boolean resumed = state.cluster().settings().paused()
                && !seen.cluster().settings().paused();
        NodeState current = resumed ? seen.with(seen.tenure().withoutTermThatEnded(now)) : seen;
        return Published.slotsOf(accountedFor(current, now), now);
    }

    private static NodeState writerAdopted(NodeState state, Moment fenceAt) {
        Duration toStop = Timings.of(state.cluster().settings()).stopBudget();
        return state.with(state.tenure().adopted(new Adopted(fenceAt.minus(toStop), fenceAt)));
    }

    private static NodeState leaseAcquired(NodeState state, Event.LeaseAcquired e, Moment now) {
        return landed(state, ActionKey.ACQUIRE)
                .with(state.tenure().acquired(e.term()))
                .with(state.failsafe().refused(Optional.empty()))
                .with(state.cluster().tookLeaderKey(state.name(), e.term().lease(), e.revision(), now));
    }

    private static NodeState completed(NodeState state, Event.Completed e, Moment now) {
        Revision seen = state.view().revision();
        NodeState landed =
                state.with(state.work().with(state.work().inFlight().completed(e.key(), e.revision(), seen)));
        return switch (e.key()) {
            case RELEASE -> released(landed, e.revision().orElse(seen), now);
            case ARM_WRITER -> landed.with(state.tenure().armed(true));
            case RETIRE_WRITER -> retired(landed);
            case CLAIM_INITIALIZE ->
                landed.with(state.genesis().claimed(e.revision().orElse(seen)));
            case PUBLISH_MEMBER -> landed.with(state.published().member(now));
            case PUBLISH_STATUS -> landed.with(state.published().status(now));
            case WRITE_SYNC -> landed.with(state.synchrony().wrote(e.revision()));
            case SET_SYNC_NAMES -> landed.with(state.synchrony().ordered(now));
            case ACQUIRE,
                    CANVASS,
                    BIND_VIP,
                    UNBIND_VIP,
                    PUBLISH_HISTORY,
                    PUBLISH_SETTINGS,
                    COMPLETE_INITIALIZE,
                    WITHDRAW_INITIALIZE,
                    CLEAR_SWITCHOVER,
                    SYNC_SLOTS,
                    ADVANCE_SLOTS,
                    CHECKPOINT,
                    PUBLISH_FAILSAFE,
                    ACCEPT_COPY -> landed;
        };
    }

    /** Unless the next writer was begun, and armed for, in the meantime. */
    private static NodeState retired(NodeState state) {
        boolean begun = state.work()
                .task()
                .map(RunningTask::spec)
                .filter(TaskSpec::makesWriter)
                .isPresent();
        return begun ? state : state.with(state.tenure().armed(false));
    }

    private static NodeState released(NodeState state, Revision at, Moment now) {
        Optional<Revision> request = state.openRequest(now).map(SwitchoverRequest::revision);
        Duration pause = state.cluster().settings().ttl();
        Moment again = request.isPresent() ? Moment.EARLIEST : now.plus(pause);
        return state.with(state.tenure().released(again, request))
                .with(state.cluster().gaveLeaderKeyAway(state.name(), at, now))
                .with(state.local().gaveUpRecovery());
    }

    private static NodeState refused(NodeState state, Event.Refused e, Moment now) {
        NodeState failed = failed(state, e.key(), now);
        // The key was not ours any more: what we wanted gone is gone.
        return e.key() == ActionKey.RELEASE
                ? failed.with(state.tenure().released(Moment.EARLIEST, Optional.empty()))
                : failed;
    }

    private static NodeState unanswered(NodeState state, ActionKey key, Moment now) {
        NodeState failed = failed(state, key, now);
        return switch (key) {
            case ACQUIRE -> failed.with(state.tenure().inDoubt(true));
            // It may reach the store much later, and take the key from under whoever serves under this lease.
            case RELEASE -> failed.with(state.tenure().perhapsReleased());
            default -> failed;
        };
    }

    private static NodeState failed(NodeState state, ActionKey key, Moment now) {
        NodeState rested = rested(state, key, now, key.isUrgent() ? SHORT_REST : LONG_REST);
        return switch (key) {
            case WRITE_SYNC -> rested.with(state.synchrony().wrote(Optional.empty()));
            case SET_SYNC_NAMES -> rested.with(state.synchrony().namesInDoubt(now));
            default -> rested;
        };
    }

    private static NodeState rested(NodeState state, ActionKey key, Moment now, Duration pause) {
        return state.with(state.work().with(state.work().inFlight().failed(key, now, pause)));
    }

    private static NodeState landed(NodeState state, ActionKey key) {
        return state.with(state.work().with(state.work().inFlight().without(key)));
    }

    private static NodeState observed(NodeState state, Event.PostgresObserved e, Moment now) {
        NodeState seen = state.with(state.local().saw(e.observation(), e.lookedAt()))
                .with(state.synchrony().saw(e.observation(), e.lookedAt()));
        return Published.slotsOf(accountedFor(HandOverInPause.settled(seen), now), now);
    }

    /** A primary that runs under no term may serve for as long as asking the store takes, twice; in pause it just runs. */
    private static NodeState accountedFor(NodeState state, Moment now) {
        boolean unaccountedWriter = state.postgres() instanceof PostgresView.Primary
                && state.tenure().term().isEmpty()
                && state.tenure().adopted().isEmpty()
                && !state.cluster().settings().paused();
        Timing timing = Timings.of(state.cluster().settings());
        Moment until = now.plus(timing.requestTimeout().multipliedBy(2));
        Adopted writer = new Adopted(until, until.plus(timing.stopBudget()));
        return unaccountedWriter ? state.with(state.tenure().tolerated(writer)) : state;
    }

    private static NodeState postmasterExited(NodeState state, int pid, Moment now) {
        boolean byUs = state.work()
                .task()
                .filter(task -> task.spec() instanceof TaskSpec.StopPostgres)
                .isPresent();
        return state.with(state.local().postmasterExited(pid, byUs, now));
    }

    private static NodeState peersAnswered(NodeState state, Event.PeersAnswered e, Moment now) {
        return state.polling()
                .filter(polling -> polling.id().equals(e.round()))
                .map(polling -> state.with(
                        polling.heard(e.answers(), now, now.plus(state.cluster().longestTtl()))))
                .orElse(state);
    }

    private static NodeState taskFinished(NodeState state, Event.TaskFinished e, Moment now) {
        if (!state.work().isRunning(e.task())) {
            return state;
        }
        RunningTask task = state.work().task().orElseThrow();
        NodeState ended = state.with(state.work().finished(e.outcome(), now))
                .with(state.synchrony().after(task.spec(), e.outcome(), now));
        NodeState looking = ended.with(ended.local().outdated(now));
        Genesis begun = ended.genesis();
        return switch (task.spec()) {
            case TaskSpec.InitDb i -> looking.with(begun.stepEnded(e.outcome(), begun.afterInitDb()));
            case TaskSpec.PostBootstrap p -> ended.with(begun.stepEnded(e.outcome(), begun.afterPostBootstrap()));
            case TaskSpec.StopPostgres s ->
                ended.with(ended.local().shutDownAt(task.shutDown()).outdated(now));
            case TaskSpec.StartPrimary s -> startedPrimary(ended, e.outcome(), now);
            case TaskSpec.StartReplica s -> looking;
            case TaskSpec.BaseBackup b ->
                looking.with(Genesis.NONE).with(ended.tenure().cloned(e.outcome()));
            case TaskSpec.Rewind r -> looking;
            case TaskSpec.MoveAside m -> looking;
            case TaskSpec.PrePromote p ->
                e.outcome() instanceof Outcome.Succeeded
                        ? ended.with(ended.scripts().promotable(p.lease()))
                        : ended;
            case TaskSpec.Promote p -> looking;
            case TaskSpec.Follow f -> looking;
            case TaskSpec.CarrySlots c -> looking;
            case TaskSpec.Checkpoint c -> ended;
        };
    }

    private static NodeState startedPrimary(NodeState state, Outcome outcome, Moment now) {
        NodeState looking = state.with(state.local().outdated(now));
        return switch (outcome) {
            case Outcome.Succeeded s -> looking.with(state.tenure().parked(Optional.empty()));
            case Outcome.Failed failed ->
                state.genesis().isUnderWay() ? looking.with(state.genesis().failed(failed.sentence())) : looking;
            case Outcome.Cancelled c -> looking;
        };
    }
}
