package pgha.agent.ha;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgha.agent.ha.Leadership.Held;
import pgha.agent.ha.TaskSpec.StopMode;
import pgha.agent.ha.TaskSpec.StopPostgres;
import pgha.dcs.model.LeaderRecord;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;

/**
 * PostgreSQL is being stopped: the address and the lease follow, in this order.
 *
 * <p>Clients are told first: without the address no FATAL, FIN or RST could leave. When no client backend is left, or
 * after a short while, the address goes; then, if leadership is to be handed over, the lease (I3).
 */
final class SteppingDown {
    /** How long open sessions may take to be told. */
    static final Duration ADDRESS_STAYS = Duration.ofMillis(300);

    private static final Duration ASK_AGAIN = Duration.ofMillis(50);

    private static final Duration ADDRESS_STAYS_BY_FORCE = Duration.ofMillis(200);

    private SteppingDown() {}

    static Decision decide(Situation s, Leadership leadership, RunningTask task) {
        List<Action> actions = new ArrayList<>();
        guard(s).ifPresent(actions::add);
        Moment addressGoesAt = addressGoesAt(task);
        if (s.vipMayBeBound() && (task.writersGone() || !s.now().isBefore(addressGoesAt))) {
            actions.add(new Action.UnbindVip());
        }
        if (task.writersGone() && s.tenure().armed()) {
            actions.add(new Action.RetireWriter());
        }
        actions.addAll(handOver(s, leadership, task));
        Decision decision = Decision.of(Reason.STEPPING_DOWN, progress(task)).then(actions);
        Moment soon = task.shutDown().isPresent() ? s.now().plus(ASK_AGAIN) : Moment.NEVER;
        return decision.lookAgainAt(s.vipMayBeBound() ? addressGoesAt : soon, s.now());
    }

    /**
     * A stop that was begun in a pause, where nobody watches, may take longer than the term lasts once the pause is over.
     * See scenarios/pause/ends-amid-a-slow-stop.txt.
     */
    private static Optional<Action> guard(Situation s) {
        boolean writes = s.postgres().mayWrite()
                && s.state().local().lastSql().filter(sql -> !sql.inRecovery()).isPresent();
        boolean bare = writes && !s.tenure().armed() && !s.settings().paused();
        return s.tenure().term().filter(term -> bare).map(term -> new Action.ArmWriter(term.lease()));
    }

    private static Moment addressGoesAt(RunningTask task) {
        return isByForce(task)
                ? task.since().plus(ADDRESS_STAYS_BY_FORCE)
                : task.stopAskedAt().map(at -> at.plus(ADDRESS_STAYS)).orElse(Moment.NEVER);
    }

    private static boolean isByForce(RunningTask task) {
        return ((StopPostgres) task.spec()).mode() == StopMode.IMMEDIATE;
    }

    private static String progress(RunningTask task) {
        if (isByForce(task)) {
            return "by force";
        }
        if (task.shutDown().isPresent()) {
            return "shut down at " + task.shutDown().get() + ", sending the rest to the replicas";
        }
        if (task.writersGone()) {
            return "no client is left, writing the last checkpoint";
        }
        boolean checkpointAhead = ((StopPostgres) task.spec()).checkpointFirst()
                && task.stopAskedAt().isEmpty();
        return checkpointAhead ? "a checkpoint ahead, clients still work" : "telling the clients";
    }

    /**
     * The last checkpoint is on disk, and only senders hold the postmaster up: whoever has it can lead, without waiting
     * for a receiver that does not answer. See scenarios/switchover/hanging-receiver.txt.
     */
    private static List<Action> handOver(Situation s, Leadership leadership, RunningTask task) {
        boolean wanted = s.state().stopRequestedAt().isPresent() || SwitchoverRules.isStandingAside(s);
        if (!(leadership instanceof Held held) || task.shutDown().isEmpty() || !wanted || s.vipMayBeBound()) {
            return List.of();
        }
        Lsn end = task.shutDown().get();
        Revision about =
                s.view().leader().map(LeaderRecord::modified).orElse(s.view().revision());
        Optional<Polling> polling = Canvassing.about(about, s);
        if (!s.tenure().armed() && polling.filter(p -> somebodyHas(end, p, s)).isPresent()) {
            return List.of(new Action.ReleaseLease(held.term().lease(), Optional.of(end)));
        }
        boolean askedJustNow = polling.filter(p -> s.now().isBefore(p.askedAt().plus(ASK_AGAIN)))
                .isPresent();
        return askedJustNow || s.peers().isEmpty() ? List.of() : List.of(Canvassing.ask(about, s.peers(), s));
    }

    private static boolean somebodyHas(Lsn end, Polling polling, Situation s) {
        return polling.spoke().stream()
                .filter(peer -> Succession.covers(s, peer.name()))
                .anyMatch(peer -> peer.mayLead()
                        && peer.isOn(s.reachedTimeline())
                        && peer.position().filter(at -> !end.isAheadOf(at)).isPresent());
    }
}
