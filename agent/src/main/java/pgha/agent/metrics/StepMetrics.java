package pgha.agent.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import pgha.agent.ha.Event;
import pgha.agent.ha.HaMachine;
import pgha.agent.ha.LeaseTerm;
import pgha.agent.ha.Reason;
import pgha.agent.ha.VipState;
import pgha.agent.loop.AgentLoop;
import pgha.dcs.model.Moment;

/**
 * Counts what the loop does: decisions, renewals, stalls, phases of a handover.
 *
 * <p>Confined to the loop, but for what it counts into. Locks nothing and allocates next to nothing.
 */
final class StepMetrics implements AgentLoop.StepListener {
    private static final Duration LATE_RENEWAL = Duration.ofMillis(500);
    private static final Duration STALL = Duration.ofMillis(100);

    private final Map<Reason, Counter> decisions = new EnumMap<>(Reason.class);
    private final HandOverMetrics handOvers;
    private final DistributionSummary margin;
    private final Counter renewals;
    private final Counter lateRenewals;
    private final Timer stalls;

    private volatile VipState vip = VipState.UNKNOWN;
    private @Nullable Reason present;
    private @Nullable LeaseTerm term;
    private Moment dueAt = Moment.NEVER;

    StepMetrics(MeterRegistry registry) {
        for (Reason reason : Reason.values()) {
            decisions.put(
                    reason,
                    Counter.builder("pgha.decisions")
                            .description("Times that this node came to a decision, by its reason.")
                            .tag("reason", reason.name())
                            .register(registry));
        }
        handOvers = new HandOverMetrics(registry);
        margin = Buckets.margins("pgha.lease.margin")
                .description("How much longer the lease was good for serving when it was renewed.")
                .register(registry);
        renewals = Counter.builder("pgha.lease.renewals")
                .description("Renewals of the leader's lease.")
                .register(registry);
        lateRenewals = Counter.builder("pgha.lease.renewals.late")
                .description("Renewals of the leader's lease that went out more than half a second late.")
                .register(registry);
        stalls = Buckets.timer("pgha.loop.stall", Buckets.STALL)
                .description("How late the deciding loop looked again, where that was more than a tenth of a second.")
                .register(registry);
        Gauge.builder("pgha.vip.bound", this::bound)
                .description(
                        "Value is 1 if this node holds the virtual addresses, 0 if it does not; absent without any.")
                .register(registry);
    }

    @Override
    public void stepped(Event event, HaMachine.Step step, Moment now) {
        stall(step, now);
        decided(step.decision().reason());
        vip = step.state().local().vip();
        switch (event) {
            case Event.LeaseAcquired acquired -> term = acquired.term();
            case Event.LeaseRenewed renewed -> renewed(renewed.term(), now);
            default -> {}
        }
        handOvers.stepped(event, step, now);
    }

    /** The loop promised to look again by then, whatever happens or does not. */
    private void stall(HaMachine.Step step, Moment now) {
        Duration late = dueAt.until(now);
        if (late.compareTo(STALL) > 0) {
            stalls.record(late);
        }
        dueAt = now.plus(step.decision().lookAgainIn());
    }

    private void decided(Reason reason) {
        if (reason != present) {
            present = reason;
            Objects.requireNonNull(decisions.get(reason)).increment();
        }
    }

    private void renewed(LeaseTerm next, Moment now) {
        Optional<LeaseTerm> before =
                Optional.ofNullable(term).filter(last -> last.lease().equals(next.lease()));
        before.ifPresent(last -> {
            Moment dueAt = last.sentAt().plus(last.timing().renewEvery());
            if (dueAt.until(next.sentAt()).compareTo(LATE_RENEWAL) > 0) {
                lateRenewals.increment();
            }
            margin.record(Math.max(0, now.until(last.demoteAt()).toMillis() / 1000.0));
        });
        renewals.increment();
        term = next;
    }

    private double bound() {
        return switch (vip) {
            case BOUND -> 1;
            case NOT_BOUND, PARTLY_BOUND -> 0;
            case NOT_CONFIGURED, UNKNOWN -> Double.NaN;
        };
    }
}
