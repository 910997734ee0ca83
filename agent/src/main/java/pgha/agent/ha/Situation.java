package pgha.agent.ha;

import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import pgha.agent.ha.TaskSpec.Upstream;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.SynchronousMode;
import pgha.dcs.model.Timeline;
import pgha.dcs.model.TimelineHistory;

/** The question that is decided: what a node remembers, and what time it is. Immutable. */
public record Situation(NodeState state, Moment now) {
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(90);

    NodeConfig self() {
        return state.config();
    }

    ClusterView view() {
        return state.view();
    }

    ClusterSettings settings() {
        return state.cluster().settings();
    }

    Timing timing() {
        return Timings.of(settings());
    }

    Tenure tenure() {
        return state.tenure();
    }

    PostgresView postgres() {
        return state.postgres();
    }

    Leadership leadership() {
        return Leadership.of(state, now);
    }

    /** The same once a leader has been answered. */
    Situation having(Action.AnswerFailsafe answer) {
        return new Situation(Failsafe.answered(state, answer, now), now);
    }

    Optional<RunningTask> task() {
        return state.work().task();
    }

    Failures failures() {
        return state.work().failures();
    }

    boolean isInFlight(ActionKey key) {
        return state.work().inFlight().isUnderWay(key);
    }

    boolean vipMayBeBound() {
        return switch (state.local().vip()) {
            case BOUND, PARTLY_BOUND, UNKNOWN -> true;
            case NOT_BOUND, NOT_CONFIGURED -> false;
        };
    }

    /** An address is known to be missing that we should have if we lead. */
    boolean lacksVip() {
        return state.local().vip() == VipState.NOT_BOUND || state.local().vip() == VipState.PARTLY_BOUND;
    }

    /** The timeline that the cluster is known to have reached; of a standby cluster its remote decides. */
    Timeline clusterTimeline() {
        if (settings().standby().isPresent()) {
            return new Timeline(1);
        }
        return view().history()
                .map(TimelineHistory::current)
                .or(() -> state.cluster().reached().map(ClusterMemory.Reached::timeline))
                .orElse(new Timeline(1));
    }

    /** The timeline that we serve on, which the store may not have heard of yet. */
    Timeline reachedTimeline() {
        Timeline known = clusterTimeline();
        return state.local()
                .lastSql()
                .map(Observation.Sql::timeline)
                .filter(known::isBehind)
                .orElse(known);
    }

    /** Whom we would ask: everybody of the last view with a leader, and of this one, but us. */
    SortedSet<MemberName> peers() {
        SortedSet<MemberName> names = new TreeSet<>(state.cluster().electorate().keySet());
        names.remove(state.name());
        return names;
    }

    /** What a member says of itself, or said when the store last had a leader. */
    Optional<Member> member(MemberName name) {
        return view().member(name)
                .or(() -> Optional.ofNullable(state.cluster().electorate().get(name)));
    }

    /** How to reach a member's PostgreSQL, and our slot there. */
    Optional<Upstream> upstream(Member member) {
        String slot = settings().postgres().useSlots() ? state.name().slotName() : "";
        return member.postgresAddress().map(address -> new Upstream(member.name(), address, slot));
    }

    /** When an orderly stop of ours is ended by force; a primary's may be bounded more narrowly in synchronous mode. */
    Moment stopBy() {
        Duration bound = settings().primaryStopTimeout();
        boolean bounded = settings().synchronousMode() != SynchronousMode.OFF
                && bound.isPositive()
                && bound.compareTo(STOP_PATIENCE) < 0
                && postgres().mayWrite();
        return now.plus(bounded ? bound : STOP_PATIENCE);
    }

    /**
     * Whether a server that was found running has turned out to be a replica, though an earlier agent may have left it under
     * an armed guard, and we have no lease.
     */
    boolean foundReplicaWithoutTerm() {
        return postgres() instanceof PostgresView.Replica
                && tenure().adopted().isPresent()
                && tenure().term().isEmpty();
    }

    /**
     * Whether a server under an armed guard was seen as a replica last: it was told to promote, for all we know. See
     * scenarios/leading/promoted-unseen-and-blind.txt.
     */
    boolean mayHavePromoted() {
        boolean recovered =
                postgres() instanceof PostgresView.Replica || postgres() instanceof PostgresView.Unresponsive;
        return recovered && tenure().armed();
    }

    /** How long it is until {@code moment}, for people. */
    String until(Moment moment) {
        return text(now.until(moment));
    }

    static String text(Duration duration) {
        return "%.1fs".formatted(Math.max(0, duration.toMillis()) / 1000.0);
    }
}
