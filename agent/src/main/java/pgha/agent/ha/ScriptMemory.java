package pgha.agent.ha;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgha.agent.ha.TaskSpec.PrePromote;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Role;

/**
 * What the operator's callbacks have been told of our server, and under which lease it may be promoted.
 *
 * <p>Immutable. Level-triggered: what they were told last is compared with what is seen, so that a state in between that
 * nobody has seen is nobody's loss. Which callback is called for what is as in Patroni; it tells of a crash only when
 * the role is lost with it.
 *
 * @param role that was told last; empty before the first callback of this process
 * @param runsSince the start time of the server that was told of last; empty when it was seen down
 * @param ending how the server that is down came to be so, or how the one that runs is about to be
 * @param due what is still to be called, in this order
 * @param promotableUnder the lease under which pre_promote has said yes
 */
record ScriptMemory(
        Optional<Role> role,
        Optional<String> runsSince,
        Ending ending,
        List<Action.RunCallback> due,
        Optional<LeaseId> promotableUnder) {
    static final ScriptMemory NOTHING =
            new ScriptMemory(Optional.empty(), Optional.empty(), Ending.CRASH, List.of(), Optional.empty());

    /** What ends a server: whatever is not known to be something else is a crash. */
    enum Ending {
        CRASH,
        STOP,
        RESTART
    }

    ScriptMemory {
        due = List.copyOf(due);
    }

    ScriptMemory called() {
        return new ScriptMemory(role, runsSince, ending, List.of(), promotableUnder);
    }

    ScriptMemory promotable(LeaseId lease) {
        return new ScriptMemory(role, runsSince, ending, due, Optional.of(lease));
    }

    private ScriptMemory ending(Ending by) {
        return new ScriptMemory(role, runsSince, by, due, promotableUnder);
    }

    private ScriptMemory down() {
        return new ScriptMemory(role, Optional.empty(), ending, due, promotableUnder);
    }

    private ScriptMemory up(Role as, String since) {
        return new ScriptMemory(Optional.of(as), Optional.of(since), Ending.CRASH, due, promotableUnder);
    }

    private ScriptMemory calling(Callback callback, Role as, NodeState state) {
        if (!state.config().scripts().callbacks().contains(callback)) {
            return this;
        }
        List<Action.RunCallback> all = new ArrayList<>(due);
        all.add(new Action.RunCallback(callback, as));
        return new ScriptMemory(role, runsSince, ending, all, promotableUnder);
    }

    /** What is to be called for what is seen. */
    static NodeState settled(NodeState state, Leadership leadership) {
        ScriptMemory memory = state.scripts();
        ScriptMemory next =
                switch (state.postgres()) {
                    case PostgresView.Primary p ->
                        memory.runs(Role.PRIMARY, p.sql().startTime(), state);
                    case PostgresView.Replica r ->
                        memory.runs(
                                state.leadsStandbyCluster() ? Role.STANDBY_LEADER : Role.REPLICA,
                                r.sql().startTime(),
                                state);
                    case PostgresView.Stopping s -> memory.ending(cause(state));
                    case PostgresView.Stopped s -> memory.isDown(state, leadership);
                    case PostgresView.Absent a -> memory.isDown(state, leadership);
                    case PostgresView.Starting s -> memory;
                    case PostgresView.Unresponsive u -> memory;
                    case PostgresView.Unusable u -> memory;
                    case PostgresView.Unseen u -> memory;
                };
        return next.equals(memory) ? state : state.with(next);
    }

    private static Ending cause(NodeState state) {
        return state.work().errands().isRestarting() ? Ending.RESTART : Ending.STOP;
    }

    private ScriptMemory runs(Role as, String since, NodeState state) {
        boolean unfinished = state.genesis().isUnderWay()
                || state.view().initialize() instanceof InitializeKey.Claimed
                || state.local().observation().isHalfMade();
        boolean known = role.filter(as::equals).isPresent()
                && runsSince.filter(since::equals).isPresent();
        if (unfinished || known) {
            return this;
        }
        Callback callback = role.filter(told -> told != as).isPresent()
                ? Callback.ROLE_CHANGE
                : ending == Ending.RESTART ? Callback.RESTART : Callback.START;
        return calling(callback, as, state).up(as, since);
    }

    private ScriptMemory isDown(NodeState state, Leadership leadership) {
        ScriptMemory down = down();
        if (runsSince.isPresent() && ending == Ending.STOP) {
            return role.map(as -> down.calling(Callback.STOP, as, state)).orElse(down);
        }
        boolean others = leadership instanceof Leadership.HeldByOther || leadership instanceof Leadership.Vacant;
        boolean lost =
                ending == Ending.CRASH && role.filter(Role.PRIMARY::equals).isPresent() && others;
        return lost ? down.demoted(state) : down;
    }

    private ScriptMemory demoted(NodeState state) {
        return new ScriptMemory(Optional.of(Role.DEMOTED), runsSince, ending, due, promotableUnder)
                .calling(Callback.ROLE_CHANGE, Role.DEMOTED, state);
    }

    /** Under our own lease, before a promotion: the operator's program is asked once. */
    static Optional<Decision> beforePromoting(Situation s, LeaseTerm term) {
        if (!s.self().scripts().prePromote()) {
            return Optional.empty();
        }
        Optional<Decision> no = s.failures()
                .recent(PrePromote.class, s.now())
                .map(failure -> WhenLeading.resign(s, term, failure.sentence()));
        boolean yes = s.state()
                .scripts()
                .promotableUnder()
                .filter(term.lease()::equals)
                .isPresent();
        return no.isPresent() || yes
                ? no
                : Optional.of(Decision.of(Reason.PRE_PROMOTE).start(new PrePromote(term.lease())));
    }
}
