package pgha.agent.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import pgha.agent.ha.Claim;
import pgha.agent.ha.Event;
import pgha.agent.ha.HaMachine;
import pgha.agent.ha.LeaseTerm;
import pgha.agent.ha.NodeState;
import pgha.agent.ha.Observation;
import pgha.agent.ha.OwnRecord;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.Moment;
import pgha.rest.NodeStatus;

/** Publishes after each step what this node is, for the HTTP server. Confined to the loop. */
public final class StatusPublisher implements AgentLoop.StepListener {
    private final StatusBoard board;
    private final DecisionLog decisions;
    private final Supplier<Instant> wallClock;
    private final String scope;
    private final StoreTrouble store = new StoreTrouble();
    private Moment viewSeenAt = Moment.EARLIEST;
    private long viewSeenAtEpochSeconds;

    public StatusPublisher(StatusBoard board, DecisionLog decisions, Supplier<Instant> wallClock, String scope) {
        this.board = board;
        this.decisions = decisions;
        this.wallClock = wallClock;
        this.scope = scope;
    }

    /** What is answered before the first step. */
    public static NodeStatus first(NodeState initial, String scope, Moment now) {
        return status(initial, scope, NodeStatus.Why.STARTING, now);
    }

    @Override
    public void stepped(Event event, HaMachine.Step step, Moment now) {
        NodeState state = step.state();
        store.heard(event);
        if (state.cluster().linkUp()) {
            viewSeenAt = now;
            viewSeenAtEpochSeconds = wallClock.get().getEpochSecond();
        }
        ClusterSettings settings = state.cluster().settings();
        Duration patience = settings.loopWait().compareTo(Duration.ofSeconds(10)) < 0
                ? Duration.ofSeconds(20)
                : settings.loopWait().multipliedBy(2);
        NodeStatus status = status(state, scope, why(step, now), now);
        board.publish(status.seen(state.local().lookedAt(), viewSeenAt, viewSeenAtEpochSeconds), patience);
    }

    private static NodeStatus status(NodeState state, String scope, NodeStatus.Why why, Moment now) {
        return new NodeStatus(
                state.name(),
                scope,
                state.config().version(),
                OwnRecord.role(state),
                OwnRecord.runState(state),
                Claim.until(state, now),
                OwnRecord.mayWrite(state),
                state.cluster().settings().standby().isPresent(),
                state.cluster().settings().paused(),
                OwnRecord.tags(state, now),
                state.local().observation().systemIdentifier(),
                state.local().observation().sql().map(sql -> postgres(state, sql)),
                Moment.EARLIEST,
                state.view(),
                Moment.EARLIEST,
                0,
                state.cluster().linkUp(),
                now.plus(state.cluster().settings().ttl()),
                state.local().observation().sql().flatMap(Observation.Sql::pendingRestart),
                state.agenda().published(),
                isInFailsafe(state, now),
                state.local().watchdogFailure().isPresent(),
                why);
    }

    private static boolean isInFailsafe(NodeState state, Moment now) {
        boolean leadsByIt = state.tenure()
                .term()
                .filter(term -> term.basis() == LeaseTerm.Basis.MEMBERS && term.serves(now))
                .isPresent();
        return leadsByIt || state.failsafe().pledgedTo(now).isPresent();
    }

    private NodeStatus.Why why(HaMachine.Step step, Moment now) {
        List<String> before = decisions.latest();
        return new NodeStatus.Why(
                step.decision().reason().name(),
                step.decision().sentence(),
                Facts.of(step.state(), step.decision(), store.cause(), now),
                before.isEmpty() ? before : before.subList(1, before.size()));
    }

    private static NodeStatus.Postgres postgres(NodeState state, Observation.Sql sql) {
        Optional<String> replication = sql.streaming()
                ? Optional.of("streaming")
                : Optional.of("in archive recovery").filter(s -> sql.restoring());
        return new NodeStatus.Postgres(
                sql.startTime(),
                sql.serverVersion(),
                Optional.of(sql.timeline()),
                sql.inRecovery(),
                sql.flushed(),
                sql.received(),
                OwnRecord.isComplete(state),
                sql.replayed(),
                sql.replayedTimestamp(),
                sql.replayPaused(),
                sql.latestEnd(),
                sql.inRecovery() ? replication : Optional.empty(),
                sql.senders().stream().map(StatusPublisher::walsender).toList());
    }

    private static NodeStatus.Walsender walsender(Observation.Sender sender) {
        return new NodeStatus.Walsender(
                sender.user(),
                sender.applicationName(),
                sender.clientAddress(),
                sender.state(),
                sender.syncState(),
                sender.syncPriority());
    }
}
