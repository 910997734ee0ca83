package pgha.agent.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import pgha.agent.ha.Action;
import pgha.agent.ha.Event;
import pgha.agent.ha.HaMachine;
import pgha.agent.ha.NodeState;
import pgha.agent.ha.Observation;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.PostgresView;
import pgha.agent.ha.Progress;
import pgha.agent.ha.Reason;
import pgha.agent.ha.TaskId;
import pgha.agent.ha.TaskSpec;
import pgha.agent.ha.VipState;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Moment;
import pgha.dcs.model.SwitchoverRequest;

/**
 * Times the phases of each failover and switchover as this node goes through them.
 *
 * <p>Confined to the loop. What is timed until somebody has the leader key is told by the one that got it; a node that
 * stood in vain tells nothing. The first leader of a new cluster takes over from nobody, and is not a handover.
 */
final class HandOverMetrics {
    /** Why leadership moves. */
    enum Kind {
        FAILOVER,
        SWITCHOVER
    }

    /** What takes time in a handover, in its order. */
    enum Phase {
        /**
         * How long the former leader had been silent when its key went: no WAL came from it. Never more than ttl, since it
         * had renewed its lease before; an idle leader that dies is silent for longer than it is dead.
         */
        DETECT,
        /** From there until this node stood. */
        CANVASS,
        /** Until it had the leader key. */
        ACQUIRE,
        /** On the former leader: until nothing there could acknowledge a commit any more. */
        STOP,
        PROMOTE,
        /** From asking for the virtual addresses until they were bound here. */
        VIP,
        /** From the end of the former leader's key until this node could take the first write. */
        FIRST_WRITE
    }

    private final Map<Kind, Map<Phase, Timer>> timers = new EnumMap<>(Kind.class);

    private Kind kind = Kind.FAILOVER;
    private boolean hadLeader;
    private Optional<Lsn> received = Optional.empty();
    private @Nullable Moment heardAt;
    private Duration silentFor = Duration.ZERO;
    private @Nullable Moment vacantAt;
    private @Nullable Moment stoodAt;
    private boolean tookOver;
    private @Nullable TaskId promotion;
    private @Nullable Moment promotedFrom;
    private @Nullable Moment askedForVipAt;
    private Kind stopKind = Kind.FAILOVER;
    private @Nullable TaskId stop;
    private @Nullable Moment stoppedFrom;

    HandOverMetrics(MeterRegistry registry) {
        for (Kind of : Kind.values()) {
            Map<Phase, Timer> phases = new EnumMap<>(Phase.class);
            for (Phase phase : Phase.values()) {
                phases.put(
                        phase,
                        Buckets.timer("pgha.handover.phase", Buckets.HANDOVER)
                                .description("How long the phases of failovers and switchovers took on this node.")
                                .tag("kind", of.name().toLowerCase(Locale.ROOT))
                                .tag("phase", phase.name().toLowerCase(Locale.ROOT))
                                .register(registry));
            }
            timers.put(of, phases);
        }
    }

    void stepped(Event event, HaMachine.Step step, Moment now) {
        if (event instanceof Event.PostgresObserved observed) {
            heard(observed);
        }
        vacancy(step.state(), now);
        switch (event) {
            case Event.LeaseAcquired acquired -> acquired(step.state(), now);
            case Event.TaskProgressed progressed -> {
                if (progressed.progress() instanceof Progress.WritersGone) {
                    stopped(progressed.task(), now);
                }
            }
            case Event.TaskFinished finished -> finished(finished, now);
            default -> {}
        }
        step.actions().forEach(action -> begun(action, step, now));
        arrived(step.state(), now);
    }

    private void heard(Event.PostgresObserved observed) {
        Optional<Lsn> now = observed.observation().sql().flatMap(Observation.Sql::received);
        if (!now.equals(received)) {
            received = now;
            heardAt = observed.lookedAt();
        }
    }

    private void vacancy(NodeState state, Moment now) {
        boolean hasLeader = state.view().leader().isPresent();
        if (hadLeader && !hasLeader) {
            kind = state.openRequest(now)
                            .filter(SwitchoverRequest::isSwitchover)
                            .isPresent()
                    ? Kind.SWITCHOVER
                    : Kind.FAILOVER;
            vacantAt = now;
            stoodAt = null;
            silentFor = heardAt == null ? Duration.ZERO : heardAt.until(now);
            Duration ttl = state.cluster().settings().ttl();
            silentFor = silentFor.compareTo(ttl) < 0 ? silentFor : ttl;
            tookOver = false;
        } else if (state.view()
                .leader()
                .filter(leader -> !leader.name().equals(state.name()))
                .isPresent()) {
            vacantAt = null;
            tookOver = false;
        }
        hadLeader = hasLeader;
    }

    private void begun(Action action, HaMachine.Step step, Moment now) {
        switch (action) {
            case Action.AcquireLease acquire -> stoodAt = stoodAt == null ? now : stoodAt;
            case Action.BindVip bind -> askedForVipAt = askedForVipAt == null && tookOver ? now : askedForVipAt;
            case Action.StartTask started -> begun(started, step.decision().reason(), now);
            default -> {}
        }
    }

    private void begun(Action.StartTask started, Reason reason, Moment now) {
        switch (started.task()) {
            case TaskSpec.Promote promote -> {
                promotion = started.id();
                promotedFrom = now;
            }
            case TaskSpec.StopPostgres stopping -> stopBegun(started.id(), reason, now);
            default -> {}
        }
    }

    private void stopBegun(TaskId id, Reason reason, Moment now) {
        switch (reason) {
            case SWITCHOVER, LEAVE_STOP -> stopKind = Kind.SWITCHOVER;
            case DEMOTE, DEMOTE_OTHER_LEADS, DEMOTE_STALE -> stopKind = Kind.FAILOVER;
            default -> {
                return;
            }
        }
        stop = id;
        stoppedFrom = now;
    }

    /** A primary that takes its own key back has taken over from nobody. */
    private void acquired(NodeState state, Moment now) {
        if (vacantAt == null || stoodAt == null || tookOver || state.postgres().mayWrite()) {
            return;
        }
        tookOver = true;
        if (kind == Kind.FAILOVER) {
            record(kind, Phase.DETECT, silentFor);
        }
        record(kind, Phase.CANVASS, vacantAt.until(stoodAt));
        record(kind, Phase.ACQUIRE, stoodAt.until(now));
    }

    private void finished(Event.TaskFinished finished, Moment now) {
        stopped(finished.task(), now);
        if (promotedFrom != null && finished.task().equals(promotion)) {
            if (tookOver && finished.outcome() instanceof Outcome.Succeeded) {
                record(kind, Phase.PROMOTE, promotedFrom.until(now));
            }
            promotedFrom = null;
        }
    }

    private void stopped(TaskId task, Moment now) {
        if (stoppedFrom != null && task.equals(stop)) {
            record(stopKind, Phase.STOP, stoppedFrom.until(now));
            stoppedFrom = null;
        }
    }

    private void arrived(NodeState state, Moment now) {
        VipState vip = state.local().vip();
        if (askedForVipAt != null && vip == VipState.BOUND) {
            record(kind, Phase.VIP, askedForVipAt.until(now));
            askedForVipAt = null;
        }
        boolean reachable = vip == VipState.BOUND || vip == VipState.NOT_CONFIGURED;
        if (tookOver && vacantAt != null && reachable && state.postgres() instanceof PostgresView.Primary) {
            record(kind, Phase.FIRST_WRITE, vacantAt.until(now));
            vacantAt = null;
            tookOver = false;
        }
    }

    private void record(Kind of, Phase phase, Duration time) {
        Objects.requireNonNull(Objects.requireNonNull(timers.get(of)).get(phase))
                .record(time);
    }
}
