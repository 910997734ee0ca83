package pgha.agent.local;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pgha.agent.ha.Event;
import pgha.agent.ha.HaMachine;
import pgha.agent.ha.NodeState;
import pgha.agent.ha.Observation;
import pgha.agent.ha.OwnRecord;
import pgha.agent.loop.AgentLoop;
import pgha.agent.postgres.PostgresConfig;
import pgha.agent.postgres.RunningSettings.Applied;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Role;

/**
 * Sees to it that the running server has the settings that are wanted.
 *
 * <p>Called on the loop; the work is done on a thread of its own, one at a time. Level-triggered: compares what is wanted
 * with what was given last to the server that runs, and begins anew after each task, which may have written what was
 * wanted when it began. The core has no part in it: no decision depends on a parameter.
 */
public final class LiveSettings implements AgentLoop.StepListener {
    private static final Logger log = LoggerFactory.getLogger(LiveSettings.class);
    private static final Duration RETRY = Duration.ofSeconds(10);

    /** Does it. */
    public interface Work {
        Applied apply(boolean replica, boolean reload) throws InterruptedException;
    }

    private final Supplier<PostgresConfig> config;
    private final Work work;
    private final Runnable applied;
    private final Consumer<Role> reloaded;
    private final ThreadFactory threads;
    /** What came of the last one, for the loop to take. */
    private final AtomicReference<@Nullable Applied> ended = new AtomicReference<>();

    // Confined to the loop.
    private Optional<Wanted> given = Optional.empty();
    private boolean busy;
    private boolean reload;
    private Moment notBefore = Moment.EARLIEST;
    private Set<String> told = new TreeSet<>();

    private record Wanted(PostgresConfig config, int pid, boolean replica) {}

    /**
     * @param applied called when one has ended, on any thread: the server is to be looked at again
     * @param reloaded called on the loop when the server, of that role, was told to read its files again
     */
    public LiveSettings(
            Supplier<PostgresConfig> config,
            Work work,
            Runnable applied,
            Consumer<Role> reloaded,
            ThreadFactory threads) {
        this.config = config;
        this.work = work;
        this.applied = applied;
        this.reloaded = reloaded;
        this.threads = threads;
    }

    @Override
    public void stepped(Event event, HaMachine.Step step, Moment now) {
        takeEnded(step.state(), now);
        if (event instanceof Event.NodeConfigChanged) {
            reload = true;
        }
        if (event instanceof Event.TaskFinished) {
            given = Optional.empty();
        }
        Optional<Wanted> wanted = wanted(step.state());
        boolean due = wanted.isPresent() && (reload || !wanted.equals(given));
        if (due && !busy && !now.isBefore(notBefore)) {
            given = wanted;
            begin(wanted.get().replica());
        }
    }

    /** Empty while nothing answers that is known to be ours, or a task is at its files. */
    private Optional<Wanted> wanted(NodeState state) {
        Observation seen = state.local().observation();
        if (seen.pid().isEmpty() || seen.sql().isEmpty() || state.work().task().isPresent() || !isOurs(state)) {
            return Optional.empty();
        }
        return Optional.of(
                new Wanted(config.get(), seen.pid().get(), seen.sql().get().inRecovery()));
    }

    /** The files of another cluster's server, whom a wrong path has led us to, are not ours to write. */
    private static boolean isOurs(NodeState state) {
        return state.view().initialize() instanceof InitializeKey.Done cluster
                && state.local()
                        .observation()
                        .systemIdentifier()
                        .filter(cluster.id()::equals)
                        .isPresent();
    }

    private void begin(boolean replica) {
        boolean always = reload;
        reload = false;
        busy = true;
        threads.newThread(() -> {
                    try {
                        ended.set(work.apply(replica, always));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    applied.run();
                })
                .start();
    }

    private void takeEnded(NodeState state, Moment now) {
        Applied result = ended.getAndSet(null);
        if (result == null) {
            return;
        }
        busy = false;
        if (result.objection().isPresent()) {
            log.warn(result.objection().get());
            given = Optional.empty();
            notBefore = now.plus(RETRY);
            return;
        }
        if (result.reloaded()) {
            log.info("PostgreSQL was told to read its configuration again");
            reloaded.accept(OwnRecord.role(state));
        }
        result.warnings().stream().filter(warning -> !told.contains(warning)).forEach(log::warn);
        told = new TreeSet<>(result.warnings());
    }
}
