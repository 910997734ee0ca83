package pgha.agent.ha;

import java.util.Optional;
import pgha.agent.ha.Observation.Sql;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Member;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Role;
import pgha.dcs.model.RunState;
import pgha.dcs.model.Tags;

/** What this node publishes of itself. Pure. */
public final class OwnRecord {
    private OwnRecord() {}

    static Member of(Situation s) {
        NodeConfig self = s.self();
        LocalMemory local = s.state().local();
        Optional<Sql> sql = local.observation().sql();
        boolean inRecovery = sql.map(Sql::inRecovery).orElse(false);
        return new Member(
                self.name(),
                Optional.of(self.connUrl()),
                Optional.of(self.apiUrl()),
                self.proxyUrl(),
                runState(s.state()),
                role(s.state()),
                Member.PATRONI_VERSION,
                tags(s),
                sql.map(Sql::position),
                inRecovery ? sql.flatMap(Sql::received) : Optional.empty(),
                inRecovery ? sql.flatMap(Sql::replayed) : Optional.empty(),
                sql.flatMap(OwnRecord::replicationState),
                sql.map(Sql::timeline),
                sql.map(x -> x.inRecovery() || !x.checkpointTimeline().isBehind(x.timeline()))
                        .orElse(true),
                sql.flatMap(Sql::pendingRestart),
                s.state().agenda().published(),
                s.settings().paused());
    }

    /** The tags in force: those of the file, and what keeps others from waiting for this node, or from electing it. */
    public static Tags tags(NodeState state, Moment now) {
        return tags(new Situation(state, now));
    }

    /** What diverged is nobody's better: where it has got to must not keep others from standing. */
    private static Tags tags(Situation s) {
        Tags tags = SyncRelease.tags(s);
        return Divergence.here(s).isPresent() ? tags.with("nofailover", "true") : tags;
    }

    private static Optional<String> replicationState(Sql sql) {
        if (!sql.inRecovery()) {
            return Optional.empty();
        }
        if (sql.streaming()) {
            return Optional.of("streaming");
        }
        return sql.restoring() ? Optional.of("in archive recovery") : Optional.empty();
    }

    /** Whether where it has got to is all that it has, and all that it ever confirmed. */
    public static boolean isComplete(NodeState state) {
        return state.local().observation().sql().filter(Sql::isComplete).isPresent() && !FreshCopy.isHere(state);
    }

    /** What PostgreSQL was last seen to be, in Patroni's words. */
    public static Role role(NodeState state) {
        return switch (PostgresView.lastSeen(state)) {
            case PostgresView.Primary p -> Role.PRIMARY;
            case PostgresView.Replica r -> state.leadsStandbyCluster() ? Role.STANDBY_LEADER : Role.REPLICA;
            case PostgresView.Unresponsive u -> u.wasPrimary() ? Role.PRIMARY : Role.REPLICA;
            case PostgresView.Starting s -> s.asPrimary() ? Role.PRIMARY : Role.REPLICA;
            case PostgresView.Stopping s -> wasPrimary(state) ? Role.DEMOTED : Role.REPLICA;
            case PostgresView.Stopped s -> s.control().wasReplica() ? Role.REPLICA : Role.DEMOTED;
            case PostgresView.Unseen u -> Role.UNINITIALIZED;
            case PostgresView.Absent a -> Role.UNINITIALIZED;
            case PostgresView.Unusable u -> Role.UNINITIALIZED;
        };
    }

    /**
     * Whether PostgreSQL here may be acknowledging writes, or may be about to, or clients are still led here: whoever is to
     * lead waits for the end of that.
     */
    public static boolean mayWrite(NodeState state) {
        boolean hasAddress =
                state.local().vip() == VipState.BOUND || state.local().vip() == VipState.PARTLY_BOUND;
        return hasAddress
                || state.tenure().armed()
                || PostgresView.lastSeen(state).mayWrite();
    }

    /** How PostgreSQL was last seen to be doing, in Patroni's words. */
    public static RunState runState(NodeState state) {
        boolean serves = PostgresView.lastSeen(state) instanceof PostgresView.Primary;
        Errands errands = state.work().errands();
        if (errands.isCloningAnew() && !serves) {
            return RunState.CREATING_REPLICA;
        }
        RunState seen = asSeen(state);
        return errands.isRestarting() && seen != RunState.RUNNING ? RunState.RESTARTING : seen;
    }

    private static RunState asSeen(NodeState state) {
        return switch (PostgresView.lastSeen(state)) {
            case PostgresView.Primary p -> RunState.RUNNING;
            case PostgresView.Replica r -> RunState.RUNNING;
            case PostgresView.Unresponsive u -> RunState.RUNNING;
            case PostgresView.Starting s -> isMadeByProgram(state) ? RunState.BOOTSTRAP_STARTING : RunState.STARTING;
            case PostgresView.Stopping s -> RunState.STOPPING;
            case PostgresView.Stopped s -> stopped(state);
            case PostgresView.Unseen u -> RunState.STOPPED;
            case PostgresView.Absent a -> making(state);
            case PostgresView.Unusable u -> RunState.STOPPED;
        };
    }

    private static RunState making(NodeState state) {
        return state.work()
                .task()
                .map(task -> switch (task.spec()) {
                    case TaskSpec.InitDb i ->
                        state.config().beginsByProgram() ? RunState.CUSTOM_BOOTSTRAP : RunState.INITDB;
                    case TaskSpec.BaseBackup b -> RunState.CREATING_REPLICA;
                    default -> RunState.STOPPED;
                })
                .orElseGet(() -> notMade(state));
    }

    private static RunState notMade(NodeState state) {
        boolean isThere = state.view().initialize() instanceof InitializeKey.Done;
        if (isThere || state.work().failures().of(TaskSpec.InitDb.class).isEmpty()) {
            return RunState.STOPPED;
        }
        return state.config().beginsByProgram() ? RunState.CUSTOM_BOOTSTRAP_FAILED : RunState.INITDB_FAILED;
    }

    private static boolean isMadeByProgram(NodeState state) {
        return state.genesis().isUnderWay() && state.config().beginsByProgram();
    }

    private static RunState stopped(NodeState state) {
        Optional<Moment> crashed = state.local().crashedAt();
        boolean startFailed = state.work()
                .failures()
                .ofStarting()
                .filter(failure ->
                        crashed.filter(at -> at.isAfter(failure.at())).isEmpty())
                .isPresent();
        RunState otherwise = crashed.isPresent() ? RunState.CRASHED : RunState.STOPPED;
        return startFailed && state.stopRequestedAt().isEmpty() ? RunState.START_FAILED : otherwise;
    }

    private static boolean wasPrimary(NodeState state) {
        return state.local().lastSql().filter(sql -> !sql.inRecovery()).isPresent();
    }

    /** The same without what changes all the time. */
    static Member withoutPositions(Member m) {
        Optional<Lsn> none = Optional.empty();
        return new Member(
                m.name(),
                m.connUrl(),
                m.apiUrl(),
                m.proxyUrl(),
                m.state(),
                m.role(),
                m.version(),
                m.tags(),
                none,
                none,
                none,
                m.replicationState(),
                m.timeline(),
                m.checkpointedSincePromotion(),
                m.pendingRestart(),
                m.scheduledRestart(),
                m.paused());
    }
}
