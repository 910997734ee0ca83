package pgha.agent.ha;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import pgha.dcs.model.Moment;

/** One node's behaviour: feed it what happened, do what it says. Not thread-safe; confined to the loop. */
public final class HaMachine {
    private NodeState state;

    public HaMachine(NodeState initial) {
        this.state = initial;
    }

    /** What a node remembers after an event, and what it does about it. */
    public record Step(NodeState state, Decision decision, List<Action> actions) {}

    /** The only door into the core. Total: every event in every state yields a decision (law C2). */
    public Step step(Event event, Moment now) {
        NodeState folded = Fold.apply(state, event, now);
        Decision decision =
                Decider.decide(new Situation(folded, now)).without(folded.work().inFlight(), now);
        state = expecting(folded, decision, now);
        return new Step(state, decision, actions(folded, decision));
    }

    /** The actions in the order in which they are to be taken, the task last. */
    private static List<Action> actions(NodeState before, Decision decision) {
        List<Action> actions = new ArrayList<>(decision.actions());
        decision.task()
                .ifPresent(
                        spec -> actions.add(new Action.StartTask(before.work().nextId(), spec)));
        return List.copyOf(actions);
    }

    private static NodeState expecting(NodeState folded, Decision decision, Moment now) {
        NodeState next = folded;
        for (Action action : decision.actions()) {
            next = expecting(next, action, now);
        }
        return decision.task()
                .map(spec -> begun(spec, now))
                .orElse(UnaryOperator.identity())
                .apply(next);
    }

    private static UnaryOperator<NodeState> begun(TaskSpec spec, Moment now) {
        return state -> {
            if (state.work().task().isPresent()) {
                throw new IllegalStateException("cannot begin " + spec.brief() + ": "
                        + state.work().task().get().spec().brief() + " owns the data directory");
            }
            NodeState next = takenUp(parked(state, spec), spec, now);
            next = next.with(Errands.begun(next.work().begin(spec, now), spec));
            return spec.makesWriter() ? next.with(next.tenure().armed(true)) : next;
        };
    }

    /** What is received from outside takes a server beyond what it wrote. */
    private static boolean followsOutside(NodeState state, TaskSpec spec) {
        return state.cluster().settings().standby().isPresent()
                && (spec instanceof TaskSpec.StartReplica || spec instanceof TaskSpec.Follow);
    }

    /** A primary that we stop while the leader key is ours may be able to go on where it was. */
    private static NodeState parked(NodeState state, TaskSpec spec) {
        boolean serves =
                spec instanceof TaskSpec.StopPostgres && state.postgres().mayWrite();
        if (followsOutside(state, spec)) {
            return state.with(state.tenure().parked(Optional.empty()));
        }
        if (!serves) {
            return state;
        }
        Optional<Tenure.Parked> as = state.view()
                .leader()
                .filter(leader -> leader.name().equals(state.name()))
                .flatMap(leader ->
                        state.local().lastSql().map(sql -> new Tenure.Parked(sql.timeline(), leader.created())));
        return state.with(state.tenure().parked(as));
    }

    /** A switchover that was scheduled is open from here on, however long the stop takes. */
    private static NodeState takenUp(NodeState state, TaskSpec spec, Moment now) {
        return state.openRequest(now)
                .filter(request -> spec instanceof TaskSpec.StopPostgres)
                .map(request -> state.with(state.agenda().takingUp(request)))
                .orElse(state);
    }

    private static NodeState expecting(NodeState state, Action action, Moment now) {
        NodeState next = state.with(state.work().with(state.work().inFlight().with(action)));
        return switch (action) {
            case Action.CancelTask c -> next.with(next.work().cancelling());
            case Action.AnswerFailsafe a -> Failsafe.answered(next, a, now);
            case Action.PublishFailsafe p -> next.with(next.failsafe().wrote(p.members()));
            case Action.Answer a ->
                next.with(next.work().with(next.work().errands().answered()));
            case Action.RunCallback c -> next.with(next.scripts().called());
            case Action.Canvass c -> next.with(Canvassing.begun(next, c, now));
            case Action.SetSyncNames a -> next.with(next.synchrony().ordering(a.names()));
            default -> next;
        };
    }
}
