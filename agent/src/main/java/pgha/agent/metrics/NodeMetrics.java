package pgha.agent.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import pgha.agent.lease.Terms;
import pgha.dcs.model.Moment;

/** Our facts about this node that Patroni's metrics lack: the lease, the fence, the ages of what is known. */
final class NodeMetrics {
    private final MeterRegistry registry;
    private final Supplier<Metrics.Shown> shown;

    private NodeMetrics(MeterRegistry registry, Supplier<Metrics.Shown> shown) {
        this.registry = registry;
        this.shown = shown;
    }

    static void bind(MeterRegistry registry, Supplier<Metrics.Shown> shown, Terms terms) {
        new NodeMetrics(registry, shown).bind(terms);
    }

    private void bind(Terms terms) {
        gauge(
                "pgha.lease.remaining",
                "seconds",
                "How long the claim to lead holds; absent without one.",
                s -> s.status().leadsAt(s.now())
                        ? seconds(s.now().until(s.status().leaderUntil()))
                        : Double.NaN);
        gauge(
                "pgha.guard.armed",
                "",
                "Value is 1 if fence and guard stop PostgreSQL when the lease ends, 0 if nothing is to be stopped.",
                s -> terms.isArmed() ? 1 : 0);
        gauge(
                "pgha.guard.remaining",
                "seconds",
                "How long until fence and guard stop PostgreSQL unless the lease is renewed; absent while disarmed.",
                s -> until(s.now(), terms.fenceAt()));
        gauge(
                "pgha.store.linked",
                "",
                "Value is 1 if the store is being followed, 0 if what is known of the cluster grows old.",
                s -> s.status().linkUp() ? 1 : 0);
        gauge(
                "pgha.store.view.age",
                "seconds",
                "How old the view of the cluster is; absent before the first.",
                s -> since(s.status().viewSeenAt(), s.now()));
        gauge(
                "pgha.observation.age",
                "seconds",
                "How old the last observation of PostgreSQL is; absent before the first.",
                s -> since(s.status().observedAt(), s.now()));
        gauge(
                "pgha.watchdog.failed",
                "",
                "Value is 1 if this node must not lead for want of the watchdog that it requires, 0 otherwise.",
                s -> s.status().watchdogFailed() ? 1 : 0);
    }

    private void gauge(String name, String unit, String help, ToDoubleFunction<Metrics.Shown> value) {
        Gauge.builder(name, () -> value.applyAsDouble(shown.get()))
                .baseUnit(unit.isEmpty() ? null : unit)
                .description(help)
                .register(registry);
    }

    private static double until(Moment now, Moment then) {
        return then.equals(Moment.NEVER) ? Double.NaN : Math.max(0, seconds(now.until(then)));
    }

    private static double since(Moment then, Moment now) {
        return then.equals(Moment.EARLIEST) ? Double.NaN : Math.max(0, seconds(then.until(now)));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
