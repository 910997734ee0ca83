package pgha.agent;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pgha.agent.address.AddressKeeper;
import pgha.agent.api.ApiBridge;
import pgha.agent.api.Canvasser;
import pgha.agent.api.Electorate;
import pgha.agent.api.FailsafeAnswers;
import pgha.agent.api.OrderDesk;
import pgha.agent.config.AgentConfig;
import pgha.agent.config.FixedAtStart;
import pgha.agent.ha.Action;
import pgha.agent.ha.Callback;
import pgha.agent.ha.Event;
import pgha.agent.ha.ExitCode;
import pgha.agent.ha.HaMachine;
import pgha.agent.ha.NodeConfig;
import pgha.agent.ha.NodeState;
import pgha.agent.ha.Timing;
import pgha.agent.ha.Timings;
import pgha.agent.lease.Fence;
import pgha.agent.lease.GuardProcess;
import pgha.agent.lease.LeaseKeeper;
import pgha.agent.lease.Terms;
import pgha.agent.lease.WriterAuthority;
import pgha.agent.local.Configuration;
import pgha.agent.local.LiveSettings;
import pgha.agent.local.LocalPostgres;
import pgha.agent.loop.ActionExecutor;
import pgha.agent.loop.AgentLoop;
import pgha.agent.loop.DecisionLog;
import pgha.agent.loop.EventQueue;
import pgha.agent.loop.StatusBoard;
import pgha.agent.loop.StatusPublisher;
import pgha.agent.loop.WallTimes;
import pgha.agent.metrics.Metrics;
import pgha.agent.os.BootClock;
import pgha.agent.os.BootTimer;
import pgha.agent.os.Spawner;
import pgha.agent.os.Systemd;
import pgha.agent.os.Threads;
import pgha.agent.os.WallClock;
import pgha.agent.postgres.Callbacks;
import pgha.agent.postgres.Observer;
import pgha.agent.postgres.PostgresConfig;
import pgha.agent.postgres.PostgresTasks;
import pgha.agent.postgres.Postmaster;
import pgha.agent.store.SettingsCache;
import pgha.agent.store.StoreWriter;
import pgha.agent.watchdog.DeviceDriver;
import pgha.agent.watchdog.LeaseWatchdog;
import pgha.agent.watchdog.SystemdWatchdog;
import pgha.agent.watchdog.WatchdogCheck;
import pgha.agent.watchdog.WatchdogPolicy;
import pgha.dcs.Dcs;
import pgha.dcs.DcsReply;
import pgha.dcs.codec.ClusterCodec;
import pgha.dcs.etcd.EtcdDcs;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;
import pgha.rest.client.RestClient;
import pgha.rest.client.TlsTrust;
import pgha.rest.server.RestServer;
import pgha.vip.LinuxVip;
import pgha.vip.Vip;
import pgha.vip.VipReply;

/**
 * The composition root: constructs everything by hand, in order, and starts it.
 *
 * <p>Used by {@link Main} on the main thread, which then waits in {@link #awaitExit()}.
 */
final class Agent {
    private static final Logger log = LoggerFactory.getLogger(Agent.class);
    private static final Duration STORE_LIMIT = Duration.ofSeconds(3);

    private final AgentConfig config;
    /** With the file as last read; {@code config} is what cannot change without a restart. */
    private final Configuration configuration;

    private final SettingsCache cache;
    private final Path runtimeDir;
    private final Threads threads;
    private final Systemd systemd;
    private final Runnable reload;
    private final BootClock bootClock = new BootClock();
    private final Supplier<Moment> clock = bootClock::now;
    private final WallClock wallClock = new WallClock();
    private final EventQueue events = new EventQueue();
    private final AtomicReference<@Nullable RestServer> rest = new AtomicReference<>();
    private final AtomicReference<@Nullable EtcdDcs> etcd = new AtomicReference<>();
    private final AtomicReference<Action.Exit> exit = new AtomicReference<>();
    private final CountDownLatch exited = new CountDownLatch(1);
    private final FailsafeAnswers failsafe = new FailsafeAnswers(events);
    private final OrderDesk orders = new OrderDesk(events);
    private final DecisionLog decisions = new DecisionLog(wallClock::now);

    Agent(AgentConfig config, Path runtimeDir, Threads threads, Systemd systemd, Runnable reload) {
        this.config = config;
        this.cache = new SettingsCache(config.postgres().dataDirectory());
        this.configuration = new Configuration(config, settings(config, cache), runtimeDir, Version.OF_THIS_BUILD);
        this.runtimeDir = runtimeDir;
        this.threads = threads;
        this.systemd = systemd;
        this.reload = reload;
    }

    /** Everything that was started, in the order in which it is to be closed. */
    private final Closer closer = new Closer();

    /** Starts all threads. What stands against it is an exit that {@link #awaitExit()} returns at once. */
    void start() throws InterruptedException {
        EtcdDcs store = closer.closeAtEnd(EtcdDcs.connect(config.dcs(), threads.factory("grpc")));
        etcd.set(store);
        NodeState initial = NodeState.initial(configuration.node(cache.read()), configuration.cluster());
        ClusterSettings known = initial.cluster().settings();
        StatusBoard board = new StatusBoard(StatusPublisher.first(initial, config.scope(), clock.get()));
        Terms terms = new Terms();
        Metrics metrics = new Metrics(board::status, terms, clock);
        Dcs dcs = metrics.timed(store);
        if (!storeAdmitsUs(dcs) || !addressesHaveAPlace() || !serveRest(dcs, board, metrics)) {
            return;
        }
        Spawner spawner = new Spawner(threads);
        GuardProcess guard = closer.closeAtEnd(guard(spawner));
        LeaseWatchdog watchdog = watchdog(terms);
        WriterAuthority authority = new WriterAuthority(terms, guard, watchdog, clock);
        Local local = local(configuration::postgres, authority, spawner);
        Timing timing = Timings.of(known);
        LeaseKeeper keeper = new LeaseKeeper(askable(dcs, initial.config()), terms, clock, events, timing);
        StoreWriter writer = new StoreWriter(dcs, config.name(), clock, events, timing);
        AddressKeeper addresses = addresses(terms);
        StartChecks checks = new StartChecks(client(), threads, config, this::leave);
        Consumer<Action> executor =
                new ActionExecutor(keeper, writer, addresses, canvasser(), local.work(), orders::answer, this::leave);
        SettingsApplier applier = new SettingsApplier(configuration, keeper, writer, cache, threads, events);
        List<AgentLoop.StepListener> listeners = List.of(
                (event, step, now) -> keeper.vouch(step.decision().vouch()),
                decisions,
                new StatusPublisher(board, decisions, wallClock::now, config.scope()),
                metrics.steps(),
                new WallTimes(wallClock::now, events),
                applier,
                local.settings(),
                checks,
                new WatchdogCheck(watchdogPolicy(), events),
                local.work(),
                new StatusLine(systemd));
        AgentLoop loop = new AgentLoop(new HaMachine(initial), events, clock, executor, listeners);
        startFence(terms, local.postmaster(), watchdogs(watchdog, board, known));
        adopt(local.postmaster(), authority, addresses, initial);
        threads.start("lease-keeper", keeper);
        threads.start("store-writer", writer);
        threads.start("vip", addresses);
        local.observer().start(threads);
        threads.start("loop", loop);
        dcs.follow(new StoreFeed(events));
        systemd.ready("started");
    }

    /** Asks the agent to hand over, stop PostgreSQL in order, and leave. */
    void stop(String signal) {
        log.info("received SIG{}: handing over and stopping", signal);
        events.accept(new Event.StopRequested());
    }

    /** The file was read again: what can change without a restart does. */
    void reload(AgentConfig file) {
        systemd.reloading();
        FixedAtStart read = FixedAtStart.of(config, file);
        read.warning().ifPresent(log::warn);
        AgentConfig next = read.config();
        configuration.use(next);
        Optional.ofNullable(rest.get()).ifPresent(server -> server.use(next.rest()));
        Optional.ofNullable(etcd.get()).ifPresent(store -> StoreMove.to(next.dcs(), store));
        events.accept(new Event.NodeConfigChanged(configuration.node(cache.read())));
        systemd.ready("configuration read again");
    }

    /** Returns the exit code once the agent has come to an end, and closes what is open. */
    ExitCode awaitExit() throws InterruptedException {
        exited.await();
        Action.Exit end = Objects.requireNonNull(exit.get());
        systemd.stopping(end.sentence());
        if (end.code() == ExitCode.STOPPED) {
            log.info("{}", end.sentence());
        } else {
            log.error("{}", end.sentence());
        }
        closer.close();
        return end.code();
    }

    /** The last decisions, for a bug report. */
    List<String> lastDecisions() {
        return decisions.all();
    }

    private void leave(Action.Exit order) {
        if (exit.compareAndSet(null, order)) {
            exited.countDown();
        }
    }

    private GuardProcess guard(Spawner spawner) throws InterruptedException {
        GuardProcess guard = new GuardProcess(
                new GuardProcess.Guarded(
                        Installation.guard(),
                        config.postgres().dataDirectory(),
                        runtimeDir,
                        runtimeDir.resolve("lease-guard.log"),
                        config.scope(),
                        new TreeMap<>(Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"))),
                spawner,
                threads,
                bootClock);
        guard.start();
        return guard;
    }

    private static ClusterSettings settings(AgentConfig config, SettingsCache cache) {
        String document =
                cache.read().or(() -> config.bootstrap().map(b -> b.settings())).orElse("{}");
        try {
            return ClusterCodec.settings(document, Revision.ZERO);
        } catch (IllegalArgumentException e) {
            log.warn("cannot use the settings kept beside the data: {}", e.getMessage());
            return ClusterCodec.settings("{}", Revision.ZERO);
        }
    }

    /** A certain no at the first question is a wrong configuration; silence is an outage, and waited out. */
    private boolean storeAdmitsUs(Dcs dcs) {
        if (config.dcs().credentials().isPresent()
                && dcs.read(STORE_LIMIT) instanceof DcsReply.Refused<ClusterView> refused) {
            leave(new Action.Exit(
                    ExitCode.CONFIGURATION,
                    "cannot use the store: %s; look at etcd3.username and etcd3.password".formatted(refused.reason())));
            return false;
        }
        return true;
    }

    private boolean addressesHaveAPlace() {
        try (LinuxVip kernel = Netlink.open()) {
            for (Vip vip : config.vips()) {
                if (kernel.placeFor(vip) instanceof VipReply.Failed<String> failed) {
                    leave(new Action.Exit(ExitCode.CONFIGURATION, failed.why()));
                    return false;
                }
            }
        }
        return true;
    }

    private boolean serveRest(Dcs dcs, StatusBoard board, Metrics metrics) {
        ApiBridge api = new ApiBridge(
                dcs,
                client(),
                board,
                clock,
                wallClock::now,
                body -> threads.startTask("rest-work", body),
                events,
                failsafe,
                orders,
                reload,
                metrics::page);
        return switch (RestServer.start(config.rest(), api, clock, threads.factory("rest"))) {
            case RestServer.Listening listening -> {
                rest.set(closer.closeAtEnd(listening.server()));
                StartChecks.warnOfOpenWrites(config.rest());
                yield true;
            }
            case RestServer.CannotListen cannot -> {
                leave(new Action.Exit(ExitCode.CONFIGURATION, cannot.sentence()));
                yield false;
            }
        };
    }

    private RestClient client() {
        return new RestClient(
                clock,
                config.ctl().auth(),
                TlsTrust.anybody().showing(config.ctl().identity()));
    }

    private Canvasser canvasser() {
        return new Canvasser(client(), body -> threads.startTask("canvass", body), events, failsafe);
    }

    private LeaseKeeper.Askable askable(Dcs dcs, NodeConfig self) {
        Electorate members = new Electorate(client(), body -> threads.startTask("failsafe", body), self);
        return new LeaseKeeper.Askable(dcs, self.name(), members);
    }

    /** What works on the local server. */
    private record Local(Postmaster postmaster, Observer observer, LocalPostgres work, LiveSettings settings) {}

    private Local local(Supplier<PostgresConfig> postgres, WriterAuthority authority, Spawner spawner) {
        AtomicReference<Observer> observer = new AtomicReference<>();
        Postmaster postmaster =
                new Postmaster(config.postgres().dataDirectory(), config.scope(), spawner, threads, pid -> {
                    events.accept(new Event.PostmasterExited(pid));
                    Objects.requireNonNull(observer.get()).lookNow();
                });
        PostgresTasks tasks = new PostgresTasks(postgres, postmaster, spawner, authority, bootClock);
        observer.set(tasks.observer((seen, lookedAt) -> events.accept(new Event.PostgresObserved(seen, lookedAt))));
        Callbacks callbacks = closer.closeAtEnd(new Callbacks(postgres, spawner, threads));
        LocalPostgres work = new LocalPostgres(
                tasks, Objects.requireNonNull(observer.get()), callbacks, authority, threads.factory("task"), events);
        LiveSettings settings = new LiveSettings(
                postgres,
                (replica, reload) -> tasks.settings(replica).apply(reload),
                Objects.requireNonNull(observer.get())::lookNow,
                role -> callbacks.call(Callback.RELOAD, role),
                threads.factory("settings"));
        return new Local(postmaster, Objects.requireNonNull(observer.get()), work, settings);
    }

    private AddressKeeper addresses(Terms terms) {
        AddressKeeper keeper =
                new AddressKeeper(config.vips(), closer.closeAtEnd(Netlink.open()), terms, clock, events);
        if (!config.vips().isEmpty()) {
            closer.closeAtEnd(Netlink.monitor(config.vips(), keeper::lookAgain, threads));
        }
        return keeper;
    }

    private void startFence(Terms terms, Postmaster postmaster, Fence.Watchdog watchdogs) {
        LinuxVip own = closer.closeAtEnd(Netlink.open());
        Fence.Address address = () -> config.vips().forEach(vip -> {
            own.resetConnections(vip);
            own.unbind(vip);
        });
        Fence fence = new Fence(terms, bootClock, BootTimer.open(bootClock), postmaster::fence, address, watchdogs);
        threads.start("fence", fence);
    }

    /** systemd and the device hear from the fence, which does not speak while it cannot kill. */
    private Fence.Watchdog watchdogs(LeaseWatchdog device, StatusBoard board, ClusterSettings settings) {
        SystemdWatchdog process =
                new SystemdWatchdog(systemd, () -> board.status().aliveUntil(), settings.ttl());
        return now -> Moment.earlier(process.ping(now), device.ping(now));
    }

    private LeaseWatchdog watchdog(Terms terms) {
        DeviceDriver driver = config.watchdog().testing() ? DeviceDriver.TESTING : DeviceDriver.LINUX;
        var device = new LeaseWatchdog.Device(watchdogPolicy(), driver, runtimeDir, threads.worker("watchdog"));
        return new LeaseWatchdog(terms, clock, device);
    }

    private WatchdogPolicy watchdogPolicy() {
        AgentConfig.WatchdogConfig watchdog = config.watchdog();
        WatchdogPolicy.Mode mode =
                switch (watchdog.mode()) {
                    case OFF -> WatchdogPolicy.Mode.OFF;
                    case AUTOMATIC -> WatchdogPolicy.Mode.AUTOMATIC;
                    case REQUIRED -> WatchdogPolicy.Mode.REQUIRED;
                };
        return new WatchdogPolicy(mode, watchdog.device(), watchdog.safetyMarginSeconds());
    }

    /** A postmaster that outlived the agent before us. */
    private void adopt(Postmaster postmaster, WriterAuthority authority, AddressKeeper addresses, NodeState initial) {
        Optional<Integer> pid = postmaster.adopt();
        if (pid.isEmpty()) {
            // Whatever an earlier guard was armed for is down: it would strike at the replica that is started next.
            postmaster.endOrphans();
            authority.retire();
            return;
        }
        log.info("found PostgreSQL running as process {}", pid.get());
        ClusterSettings settings = initial.cluster().settings();
        boolean isReplica = Files.exists(config.postgres().dataDirectory().resolve("standby.signal"));
        authority.adopt(isReplica || settings.paused(), Timings.of(settings)).ifPresent(fenceAt -> {
            events.accept(new Event.WriterAdopted(fenceAt));
            addresses.inherit(fenceAt, Timings.of(settings));
        });
    }
}
