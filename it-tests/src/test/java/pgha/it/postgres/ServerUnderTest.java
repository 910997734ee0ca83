package pgha.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import pgha.agent.ha.Observation;
import pgha.agent.ha.Outcome;
import pgha.agent.ha.Progress;
import pgha.agent.ha.TaskSpec;
import pgha.agent.ha.TaskSpec.StopMode;
import pgha.agent.ha.TaskSpec.Upstream;
import pgha.agent.os.BootClock;
import pgha.agent.os.Signal;
import pgha.agent.os.Spawner;
import pgha.agent.os.Threads;
import pgha.agent.postgres.BootstrapProgram;
import pgha.agent.postgres.Hooks;
import pgha.agent.postgres.Observer;
import pgha.agent.postgres.PostgresConfig;
import pgha.agent.postgres.PostgresConfig.Bootstrap;
import pgha.agent.postgres.PostgresConfig.Credentials;
import pgha.agent.postgres.PostgresTasks;
import pgha.agent.postgres.Postmaster;
import pgha.agent.postgres.ReplicaMethod;
import pgha.agent.postgres.WriterPermit;
import pgha.agent.task.CancelToken;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.MemberName;

/** One member's PostgreSQL and what the agent has for it, in a directory of its own. Confined to its test. */
final class ServerUnderTest {
    static final LeaseId LEASE = new LeaseId(7);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    final BootClock clock = new BootClock();
    final Threads threads = new Threads((thread, e) -> {
        System.out.println("thread " + thread.getName() + " died");
        e.printStackTrace(System.out);
    });
    final Spawner spawner = new Spawner(threads);
    final PostgresConfig config;
    final Postmaster postmaster;
    final PostgresTasks tasks;
    final Observer observer;
    private final Semaphore looking = new Semaphore(1);

    final List<String> asked = new CopyOnWriteArrayList<>();
    final List<Progress> progress = new CopyOnWriteArrayList<>();
    final List<Integer> exits = new CopyOnWriteArrayList<>();
    volatile Optional<String> refusal = Optional.empty();
    volatile Observation seen = Observation.NONE;

    ServerUnderTest(Path base, String name, int port, Map<String, String> parameters) {
        this(base, name, port, parameters, List.of(new ReplicaMethod.Basebackup()));
    }

    ServerUnderTest(
            Path base, String name, int port, Map<String, String> parameters, List<ReplicaMethod> replicaMethods) {
        this(configure(base.resolve(name), name, port, parameters, new Makers(replicaMethods, Optional.empty())));
    }

    /** One whose cluster a program makes. */
    ServerUnderTest(Path base, String name, int port, BootstrapProgram program) {
        this(configure(
                base.resolve(name),
                name,
                port,
                Map.of(),
                new Makers(List.of(new ReplicaMethod.Basebackup()), Optional.of(program))));
    }

    /** What makes the data directory of a replica, and of a cluster. */
    private record Makers(List<ReplicaMethod> ofReplica, Optional<BootstrapProgram> ofCluster) {}

    private ServerUnderTest(PostgresConfig config) {
        this.config = config;
        this.postmaster = new Postmaster(config.dataDir(), config.scope(), spawner, threads, exits::add);
        this.tasks = new PostgresTasks(() -> config, postmaster, spawner, new Permit(), clock);
        this.observer = tasks.observer((observation, at) -> {
            looking.acquireUninterruptibly();
            seen = observation;
            looking.release();
        });
        observer.start(threads);
    }

    private final class Permit implements WriterPermit {
        @Override
        public Optional<String> arm(LeaseId lease) {
            asked.add("arm " + lease);
            return refusal;
        }

        @Override
        public Optional<String> confirm(LeaseId lease) {
            asked.add("confirm " + lease);
            return refusal;
        }
    }

    private static PostgresConfig configure(
            Path home, String name, int port, Map<String, String> parameters, Makers makers) {
        TreeMap<String, String> all =
                new TreeMap<>(Map.of("shared_buffers", "16MB", "unix_socket_directories", "" + home));
        all.putAll(parameters);
        return new PostgresConfig(
                "demo",
                new MemberName(name),
                home.resolve("data"),
                home.resolve("data"),
                "postgresql",
                Optional.of(binDir()),
                home.resolve("run"),
                home.resolve("log"),
                "127.0.0.1",
                port,
                new HostPort("127.0.0.1", port),
                "postgres",
                Optional.empty(),
                new Credentials("postgres", Optional.of("it's a \\secret"), new TreeMap<>()),
                new Credentials("replicator", Optional.of("re:pl"), new TreeMap<>()),
                Optional.of(new Credentials("rewinder", Optional.of("rw"), new TreeMap<>())),
                all,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                PostgresConfig.ForRole.NOTHING,
                PostgresConfig.ForRole.NOTHING,
                home.resolve("pgpass"),
                true,
                false,
                new Bootstrap(
                        List.of(
                                "--auth-local=peer",
                                "--auth-host=scram-sha-256",
                                "--data-checksums",
                                "--no-instructions",
                                "--no-sync"),
                        List.of("host replication replicator 127.0.0.1/32 scram-sha-256"),
                        Optional.of("sh -c 'psql -Atc \"select 1\" \"$0\" > " + home + "/script'"),
                        makers.ofCluster()),
                makers.ofReplica(),
                List.of(),
                List.of(),
                LIMIT,
                Hooks.NONE);
    }

    /** Whatever version the machine has. */
    private static Path binDir() {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.max(java.util.Comparator.naturalOrder())
                    .orElseThrow()
                    .resolve("bin");
        } catch (IOException e) {
            throw new IllegalStateException("no PostgreSQL is installed", e);
        }
    }

    Outcome run(TaskSpec spec) throws InterruptedException {
        progress.clear();
        return tasks.create(spec).run(new CancelToken(), progress::add);
    }

    ServerUnderTest succeed(TaskSpec spec) throws InterruptedException {
        assertThat(run(spec)).as(spec.brief()).isEqualTo(new Outcome.Succeeded());
        return this;
    }

    ServerUnderTest newPrimary() throws InterruptedException {
        return succeed(new TaskSpec.InitDb())
                .succeed(new TaskSpec.StartPrimary(LEASE))
                .succeed(new TaskSpec.PostBootstrap());
    }

    ServerUnderTest stop(StopMode mode, Duration within) throws InterruptedException {
        return succeed(new TaskSpec.StopPostgres(mode, clock.now().plus(within), false));
    }

    Upstream asUpstream(String slot) {
        return new Upstream(config.name(), config.connectAddress(), slot);
    }

    /** As an ordinary client over TCP. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + config.connectAddress() + "/postgres",
                "postgres",
                config.superuser().password().orElseThrow());
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    String ask(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    void awaitSeen(Predicate<Observation> what) {
        Awaitility.await().atMost(LIMIT).until(() -> what.test(seen));
    }

    /** Nobody connects to it any more to see how it is, until {@link #lookAgain}. */
    void lookNoMore() {
        looking.acquireUninterruptibly();
        Awaitility.await().atMost(LIMIT).until(looking::hasQueuedThreads);
    }

    void lookAgain() {
        looking.release();
    }

    void awaitGone() {
        Awaitility.await().atMost(LIMIT).until(() -> processes().isEmpty());
    }

    List<Integer> processes() {
        return pgha.agent.os.ProcessTable.runningIn(config.dataDir(), "postgres");
    }

    int processTitled(String part) {
        return processes().stream()
                .filter(pid -> pgha.agent.os.ProcessTable.title(pid).contains(part))
                .findFirst()
                .orElseThrow();
    }

    void signal(Signal signal, String part) {
        signal.sendTo(processTitled(part));
    }

    String output() throws IOException {
        return Files.readString(config.logDir().resolve("postgres.out"));
    }

    /** Leaves nothing running. */
    void end() {
        for (int round = 0; round < 10 && !processes().isEmpty(); round++) {
            postmaster.killWriter();
        }
    }
}
