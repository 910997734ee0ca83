package pgha.agent.metrics;

import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.function.Supplier;
import pgha.agent.lease.Terms;
import pgha.agent.loop.AgentLoop;
import pgha.dcs.Dcs;
import pgha.dcs.model.Moment;
import pgha.rest.NodeStatus;

/**
 * All metrics of this node: where they are counted, and the page that shows them.
 *
 * <p>Thread-safe. The page is of one status and of one moment: facts on it do not contradict each other.
 */
public final class Metrics {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Supplier<NodeStatus> status;
    private final Supplier<Moment> clock;
    private final StepMetrics steps;
    private final StoreMetrics store;
    private volatile Shown shown;

    /** What the page in the making is of. */
    record Shown(NodeStatus status, Moment now) {}

    public Metrics(Supplier<NodeStatus> status, Terms terms, Supplier<Moment> clock) {
        this.status = status;
        this.clock = clock;
        shown = new Shown(status.get(), clock.get());
        registry.config()
                .commonTags(Tags.of(
                        "scope",
                        status.get().scope(),
                        "name",
                        status.get().self().value()));
        PatroniMetrics.bind(registry, () -> shown);
        NodeMetrics.bind(registry, () -> shown, terms);
        steps = new StepMetrics(registry);
        store = new StoreMetrics(registry);
    }

    /** Counts what the loop does. */
    public AgentLoop.StepListener steps() {
        return steps;
    }

    /** The same store, with its calls timed. */
    public Dcs timed(Dcs dcs) {
        return new MeasuredDcs(dcs, store, clock);
    }

    /** In Prometheus' text format. Only one caller at a time gets a page of one moment. */
    public String page() {
        shown = new Shown(status.get(), clock.get());
        return MetricsPage.of(scrape());
    }

    /** Everything that is measured, whether or not it has a value now. */
    MetricSnapshots scrape() {
        return registry.getPrometheusRegistry().scrape();
    }
}
