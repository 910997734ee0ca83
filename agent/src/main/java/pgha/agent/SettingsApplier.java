package pgha.agent;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pgha.agent.config.AgentConfig;
import pgha.agent.ha.Event;
import pgha.agent.ha.HaMachine;
import pgha.agent.ha.Timing;
import pgha.agent.ha.Timings;
import pgha.agent.lease.LeaseKeeper;
import pgha.agent.local.Settings;
import pgha.agent.loop.AgentLoop;
import pgha.agent.os.Threads;
import pgha.agent.postgres.PostgresConfig;
import pgha.agent.store.SettingsCache;
import pgha.agent.store.StoreWriter;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.Moment;

/** Gives new settings of the cluster, or of this node's file, to the parts that work with them. Confined to the loop. */
final class SettingsApplier implements AgentLoop.StepListener {
    private static final Logger log = LoggerFactory.getLogger(SettingsApplier.class);

    private final AtomicReference<AgentConfig> config;
    private final Path runtimeDir;
    private final AtomicReference<PostgresConfig> postgres;
    private final LeaseKeeper keeper;
    private final StoreWriter writer;
    private final SettingsCache cache;
    private final Threads threads;
    private ClusterSettings present;

    SettingsApplier(
            AtomicReference<AgentConfig> config,
            Path runtimeDir,
            AtomicReference<PostgresConfig> postgres,
            LeaseKeeper keeper,
            StoreWriter writer,
            SettingsCache cache,
            Threads threads,
            ClusterSettings present) {
        this.config = config;
        this.runtimeDir = runtimeDir;
        this.postgres = postgres;
        this.keeper = keeper;
        this.writer = writer;
        this.cache = cache;
        this.threads = threads;
        this.present = present;
    }

    @Override
    public void stepped(Event event, HaMachine.Step step, Moment now) {
        ClusterSettings next = step.state().cluster().settings();
        boolean news = !next.equals(present);
        if (news) {
            next.warnings().forEach(log::warn);
            Timing timing = Timings.of(next);
            keeper.use(timing);
            writer.use(timing);
            present = next;
        }
        if (news || event instanceof Event.NodeConfigChanged || event instanceof Event.TaskFinished) {
            postgres.set(Settings.postgres(java.util.Objects.requireNonNull(config.get()), next, runtimeDir));
            threads.startTask("settings-cache", () -> cache.write(next.document()));
        }
    }
}
