package pgha.agent;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pgha.agent.ha.Event;
import pgha.agent.ha.HaMachine;
import pgha.agent.ha.NodeConfig;
import pgha.agent.ha.Timing;
import pgha.agent.ha.Timings;
import pgha.agent.lease.LeaseKeeper;
import pgha.agent.local.Configuration;
import pgha.agent.loop.AgentLoop;
import pgha.agent.os.Threads;
import pgha.agent.store.SettingsCache;
import pgha.agent.store.StoreWriter;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.Moment;

/** Gives new settings of the cluster, or of this node's file, to the parts that work with them. Confined to the loop. */
final class SettingsApplier implements AgentLoop.StepListener {
    private static final Logger log = LoggerFactory.getLogger(SettingsApplier.class);

    private final Configuration configuration;
    private final LeaseKeeper keeper;
    private final StoreWriter writer;
    private final SettingsCache cache;
    private final Threads threads;
    private final Consumer<Event> events;

    SettingsApplier(
            Configuration configuration,
            LeaseKeeper keeper,
            StoreWriter writer,
            SettingsCache cache,
            Threads threads,
            Consumer<Event> events) {
        this.configuration = configuration;
        this.keeper = keeper;
        this.writer = writer;
        this.cache = cache;
        this.threads = threads;
        this.events = events;
    }

    @Override
    public void stepped(Event event, HaMachine.Step step, Moment now) {
        ClusterSettings next = step.state().cluster().settings();
        boolean news = !next.equals(configuration.cluster());
        boolean otherRole = configuration.use(step.state().leadsStandbyCluster());
        if (news) {
            Timing timing = Timings.of(next);
            keeper.use(timing);
            writer.use(timing);
        }
        if (news || otherRole || event instanceof Event.NodeConfigChanged || event instanceof Event.TaskFinished) {
            configuration.apply(next).forEach(log::warn);
            tellTheCore(step.state().config());
            threads.startTask("settings-cache", () -> cache.write(next.document()));
        }
    }

    /** The operator's programs may be the cluster's, too, and a decision may wait for one of them. */
    private void tellTheCore(NodeConfig known) {
        NodeConfig inForce = configuration.node(known.cachedSettings());
        if (!inForce.equals(known)) {
            events.accept(new Event.NodeConfigChanged(inForce));
        }
    }
}
