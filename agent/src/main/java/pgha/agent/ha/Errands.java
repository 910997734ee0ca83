package pgha.agent.ha;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgha.agent.ha.Observation.Sql;
import pgha.agent.ha.TaskSpec.BaseBackup;
import pgha.agent.ha.TaskSpec.StartPrimary;
import pgha.agent.ha.TaskSpec.StartReplica;
import pgha.agent.ha.TaskSpec.StopPostgres;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.Moment;

/**
 * The order under way, if any, and what clients are still to be told.
 *
 * <p>Immutable. Whether an order is taken, and whether it is done, is found out here and by the situation alone; {@link
 * WhenOrdered} carries it out. Texts are Patroni's, since tools look for them.
 */
public record Errands(Optional<Errand> present, List<Action.Answer> answers) {
    static final Errands NONE = new Errands(Optional.empty(), List.of());

    public Errands {
        answers = List.copyOf(answers);
    }

    /** Whether PostgreSQL is down, or about to be, because somebody ordered a restart. */
    boolean isRestarting() {
        return present.filter(errand -> errand.begun() && errand.isRestart()).isPresent();
    }

    /** Whether this replica is on its way to a new copy: clients wait for the end of that by what state is told. */
    boolean isCloningAnew() {
        return present.flatMap(Errand::reinitialize).isPresent();
    }

    Errands answered() {
        return new Errands(present, List.of());
    }

    private Errands carryingOut(Errand errand) {
        return new Errands(Optional.of(errand), answers);
    }

    private Errands ended() {
        return new Errands(Optional.empty(), answers);
    }

    Errands telling(OrderId id, boolean good, String sentence) {
        List<Action.Answer> all = new ArrayList<>(answers);
        all.add(new Action.Answer(id, good, sentence));
        return new Errands(present, all);
    }

    // Taking an order

    static NodeState heard(NodeState state, Event.Ordered e, Moment now) {
        Errands errands = state.work().errands();
        Optional<String> refusal = objection(state, e.order(), now);
        if (refusal.isPresent()) {
            return state.with(state.work().with(errands.telling(e.id(), false, refusal.get())));
        }
        Errand errand = new Errand(
                e.id(), e.order(), now, false, PostgresView.lastSeen(state).mayWrite());
        Errands before = errands.present()
                .filter(Errand::isRestart)
                .map(given -> errands.telling(given.id(), false, "restart failed"))
                .orElse(errands);
        Errands taken = errand.isRestart() ? before : before.telling(e.id(), true, "reinitialize started");
        return state.with(state.work().with(taken.carryingOut(errand)));
    }

    private static Optional<String> objection(NodeState state, Order order, Moment now) {
        return switch (order) {
            case Order.Restart restart ->
                busy(state).or(() -> Optional.of("restart conditions are not satisfied")
                        .filter(text -> !holds(state, restart)));
            case Order.Reinitialize reinitialize -> objection(state, reinitialize, now);
        };
    }

    private static Optional<String> objection(NodeState state, Order.Reinitialize order, Moment now) {
        Leadership leadership = Leadership.of(state, now);
        boolean named = state.view()
                .leader()
                .filter(leader -> leader.name().equals(state.name()))
                .isPresent();
        if (leadership instanceof Leadership.Held || named) {
            return Optional.of("I am the leader, can not reinitialize");
        }
        if (state.view().leader().isEmpty() || !(state.view().initialize() instanceof InitializeKey.Done)) {
            return Optional.of("Cluster has no leader, can not reinitialize");
        }
        return order.force() ? Optional.empty() : busy(state);
    }

    private static Optional<String> busy(NodeState state) {
        return state.work()
                .errands()
                .present()
                .map(errand -> errand.order().word())
                .or(() -> state.work().task().map(task -> task.spec().brief()))
                .map(word -> word + " already in progress");
    }

    private static boolean holds(NodeState state, Order.Restart restart) {
        Optional<Sql> sql = state.local().observation().sql();
        boolean role = restart.role().map(OwnRecord.role(state)::equals).orElse(true);
        boolean older = restart.below()
                .map(version -> sql.filter(s -> s.serverVersion() < version).isPresent())
                .orElse(true);
        boolean pending =
                !restart.ifPending() || sql.flatMap(Sql::pendingRestart).isPresent();
        return role && older && pending;
    }

    // Carrying it out

    /** A task begins that belongs to the order. */
    static Work begun(Work work, TaskSpec spec) {
        boolean ofRestart =
                spec instanceof StopPostgres || spec instanceof StartPrimary || spec instanceof StartReplica;
        return work.errands()
                .present()
                .filter(errand -> errand.isRestart() ? ofRestart : spec instanceof BaseBackup)
                .map(errand -> work.with(work.errands().carryingOut(errand.begunNow())))
                .orElse(work);
    }

    // Ending it

    /** What has become of the order, as far as the situation tells. */
    static NodeState settled(NodeState state, Moment now) {
        return state.work()
                .errands()
                .present()
                .map(errand -> state.with(state.work()
                        .with(errand.isRestart() ? restarted(state, errand, now) : reinitialized(state, errand, now))))
                .orElse(state);
    }

    private static Errands restarted(NodeState state, Errand errand, Moment now) {
        Errands errands = state.work().errands();
        if (state.departure().isPresent()) {
            return errands.telling(errand.id(), false, "the agent is stopping").ended();
        }
        if (errand.begun() && state.work().task().isEmpty() && isBack(state, errand, now)) {
            return errands.telling(errand.id(), true, "restarted successfully").ended();
        }
        Optional<String> failure = failure(state, errand);
        if (failure.isPresent()) {
            return errands.telling(errand.id(), false, failure.get()).ended();
        }
        boolean inTime = now.isBefore(errand.until(state.cluster().settings().primaryStartTimeout()));
        String late = errand.begun() ? "postgres is still starting" : "restart failed";
        return inTime ? errands : errands.telling(errand.id(), false, late).ended();
    }

    private static Optional<String> failure(NodeState state, Errand errand) {
        if (errand.begun()) {
            return Optional.of("restart failed").filter(text -> hasFailed(state, errand));
        }
        // Elected since: a cluster that has just got a primary again does not lose it to an order for a replica.
        boolean elected = !errand.wasPrimary() && state.postgres() instanceof PostgresView.Primary;
        return Optional.of("restart conditions are not satisfied").filter(text -> elected);
    }

    /** As what it was; or as what it is now that it does not lead any more. */
    private static boolean isBack(NodeState state, Errand errand, Moment now) {
        boolean primary = state.postgres() instanceof PostgresView.Primary;
        boolean replica = state.postgres() instanceof PostgresView.Replica;
        boolean leads = Leadership.of(state, now) instanceof Leadership.Held;
        return primary || (replica && !(errand.wasPrimary() && leads));
    }

    private static boolean hasFailed(NodeState state, Errand errand) {
        Failures failures = state.work().failures();
        return failures.of(StartPrimary.class)
                .or(() -> failures.of(StartReplica.class))
                .or(() -> failures.of(StopPostgres.class))
                .filter(failure -> !failure.at().isBefore(errand.since()))
                .isPresent();
    }

    /** One that fails is begun anew; when nobody leads any more, what is here may be needed as it is. */
    private static Errands reinitialized(NodeState state, Errand errand, Moment now) {
        Errands errands = state.work().errands();
        Leadership leadership = Leadership.of(state, now);
        boolean over = leadership instanceof Leadership.Held
                || leadership instanceof Leadership.Vacant
                || state.departure().isPresent();
        if (state.work().task().isPresent()) {
            return errands;
        }
        if (over) {
            return errands.ended();
        }
        if (!errand.begun()) {
            return errands;
        }
        if (state.work().failures().of(BaseBackup.class).isPresent()) {
            return errands.carryingOut(errand.notBegun());
        }
        boolean startsByItself = !state.cluster().settings().paused();
        return startsByItself || state.postgres() instanceof PostgresView.Replica ? errands.ended() : errands;
    }
}
