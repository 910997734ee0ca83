package pgha.agent.ha;

import java.util.Optional;
import pgha.agent.ha.Leadership.Held;
import pgha.agent.ha.Leadership.HeldByOther;
import pgha.agent.ha.Observation.ControlFacts;
import pgha.agent.ha.TaskSpec.BaseBackup;
import pgha.agent.ha.TaskSpec.StartPrimary;
import pgha.agent.ha.TaskSpec.StartReplica;
import pgha.agent.ha.TaskSpec.StopMode;
import pgha.agent.ha.TaskSpec.StopPostgres;
import pgha.agent.ha.TaskSpec.Upstream;
import pgha.dcs.model.LeaderRecord;
import pgha.dcs.model.Member;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Role;
import pgha.dcs.model.RunState;

/**
 * An operator ordered a restart, or a new copy. Pure.
 *
 * <p>A restart is an orderly stop; that PostgreSQL is started again as what it was is what every other rule wants, too.
 * A leader goes on renewing its lease, so that nobody else stands, and steps down in the usual order but for the leader
 * key: clients are told, the guard is disarmed once nothing can write any more, the address goes; {@code StartPrimary}
 * arms the guard again. What is more urgent, like a term that ends, is decided as ever: then the answer here is empty.
 */
final class WhenOrdered {
    private WhenOrdered() {}

    static Optional<Decision> decide(Situation s, Leadership leadership) {
        return s.state().work().errands().present().flatMap(errand -> switch (errand.order()) {
            case Order.Restart restart -> restart(s, leadership, errand);
            case Order.Reinitialize reinitialize -> reinitialize(s, leadership, errand, reinitialize);
        });
    }

    // Restarting

    private static Optional<Decision> restart(Situation s, Leadership leadership, Errand errand) {
        if (s.task().isPresent()) {
            return Optional.empty();
        }
        if (errand.begun() || s.postgres() instanceof PostgresView.Stopped) {
            return s.settings().paused() ? startInPause(s, leadership) : Optional.empty();
        }
        boolean runs =
                switch (s.postgres()) {
                    case PostgresView.Primary primary -> mayStopWriter(s, leadership);
                    case PostgresView.Replica replica -> mayStopReplica(s, leadership);
                    case PostgresView.Unresponsive u ->
                        u.wasPrimary() ? mayStopWriter(s, leadership) : mayStopReplica(s, leadership);
                    case PostgresView.Starting starting -> false;
                    case PostgresView.Stopping stopping -> false;
                    case PostgresView.Stopped stopped -> false;
                    case PostgresView.Absent absent -> false;
                    case PostgresView.Unusable unusable -> false;
                    case PostgresView.Unseen unseen -> false;
                };
        return runs
                ? SyncRelease.beforeStopping(s, leadership, errand.since()).or(() -> Optional.of(stop(s, errand)))
                : Optional.empty();
    }

    /** What would not be started again as a primary at once is not stopped. */
    private static boolean mayStopWriter(Situation s, Leadership leadership) {
        return leadership instanceof Held held
                && held.term().serves(s.now())
                && (s.tenure().armed() || s.settings().paused());
    }

    /** One that may be needed to lead, or is about to, is not stopped. */
    private static boolean mayStopReplica(Situation s, Leadership leadership) {
        return leadership instanceof HeldByOther
                || (leadership instanceof Held && s.state().leadsStandbyCluster())
                || !s.state().cluster().linkUp()
                || s.settings().paused();
    }

    private static Decision stop(Situation s, Errand errand) {
        Moment by = Moment.earlier(s.stopBy(), errand.until(s.settings().primaryStartTimeout()));
        return Decision.of(Reason.RESTART).start(new StopPostgres(StopMode.FAST, by, true));
    }

    /** Nothing is started in pause but what was ordered, whether it was stopped for that or by hand before. */
    private static Optional<Decision> startInPause(Situation s, Leadership leadership) {
        boolean failedJustNow = s.failures()
                .recent(StartPrimary.class, s.now())
                .or(() -> s.failures().recent(StartReplica.class, s.now()))
                .isPresent();
        if (failedJustNow || !(s.postgres() instanceof PostgresView.Stopped stopped)) {
            return Optional.empty();
        }
        return asWhatItWas(s, leadership, stopped.control())
                .map(spec -> Decision.of(Reason.START_AS_ORDERED).start(spec));
    }

    private static Optional<TaskSpec> asWhatItWas(Situation s, Leadership leadership, ControlFacts control) {
        if (control.wasReplica()) {
            Optional<Upstream> upstream = s.state().leadsStandbyCluster()
                    ? WhenStandby.upstream(s)
                    : leaderMember(s).flatMap(leader -> WhenFollowing.upstream(s, leader));
            return Optional.of(new StartReplica(upstream));
        }
        return leadership instanceof Held held
                ? Optional.of(new StartPrimary(held.term().lease(), Succession.names(s)))
                : Optional.empty();
    }

    // Cloning anew

    private static Optional<Decision> reinitialize(
            Situation s, Leadership leadership, Errand errand, Order.Reinitialize order) {
        if (!(leadership instanceof HeldByOther)) {
            return Optional.empty();
        }
        if (s.task().isPresent()) {
            return errand.begun() ? Optional.empty() : cancelled(s.task().get());
        }
        if (errand.begun()) {
            return s.settings().paused() ? startInPause(s, leadership) : Optional.empty();
        }
        return source(s, order).flatMap(from -> switch (s.postgres()) {
            case PostgresView.Replica replica ->
                SyncRelease.beforeStopping(s, leadership, errand.since()).or(() -> Optional.of(stopAtOnce(s, from)));
            case PostgresView.Starting starting ->
                starting.asPrimary() ? Optional.empty() : Optional.of(stopAtOnce(s, from));
            case PostgresView.Unresponsive u -> u.wasPrimary() ? Optional.empty() : Optional.of(stopAtOnce(s, from));
            case PostgresView.Stopped stopped -> Optional.of(copy(s, from));
            case PostgresView.Absent absent -> Optional.of(copy(s, from));
            case PostgresView.Unusable unusable -> Optional.of(copy(s, from));
            case PostgresView.Primary primary -> Optional.empty();
            case PostgresView.Unseen unseen -> Optional.empty();
            case PostgresView.Stopping stopping -> Optional.empty();
        });
    }

    /** What the operator would rather have than what is under way; a stop leads to it anyway. */
    private static Optional<Decision> cancelled(RunningTask task) {
        boolean goes = task.cancelling() || task.spec() instanceof StopPostgres;
        return goes
                ? Optional.empty()
                : Optional.of(Decision.of(Reason.CANCEL_TASK, task.spec().brief(), "asked to clone anew")
                        .then(new Action.CancelTask(task.id(), Reason.REINITIALIZE)));
    }

    private static Optional<Upstream> source(Situation s, Order.Reinitialize order) {
        Optional<Member> leader =
                leaderMember(s).filter(m -> m.role() == Role.PRIMARY && m.state() == RunState.RUNNING);
        return leader.map(found -> order.fromLeader()
                        ? found
                        : WhenFollowing.cloneSource(s).orElse(found))
                .flatMap(s::upstream);
    }

    private static Decision stopAtOnce(Situation s, Upstream from) {
        return Decision.of(Reason.REINITIALIZE, from.name())
                .start(new StopPostgres(StopMode.IMMEDIATE, s.now(), false));
    }

    private static Decision copy(Situation s, Upstream from) {
        return s.failures()
                .recent(BaseBackup.class, s.now())
                .map(failure -> Decision.of(Reason.FOLLOW_WAIT, from.name(), failure.sentence())
                        .lookAgainAt(failure.retryAt(), s.now()))
                .orElseGet(() -> Decision.of(Reason.REINITIALIZE, from.name()).start(new BaseBackup(from)));
    }

    private static Optional<Member> leaderMember(Situation s) {
        return s.view().leader().map(LeaderRecord::name).flatMap(s::member);
    }
}
