package pgha.it.postgres;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import pgha.agent.os.Signal;
import pgha.agent.os.Spawner;
import pgha.agent.os.Threads;
import pgha.agent.postgres.Postmaster;

/**
 * Measures how long the fence's kill of PostgreSQL takes, until nothing is acknowledged and nobody is let in any more;
 * prints each value and a summary. Not a test.
 *
 * <p>Arguments: how many kills, how many sessions write, how many threads burn CPU meanwhile, and {@code quit} or {@code
 * frozen}: in the first case the postmaster is well and obeys, in the second it is stopped beforehand and does not, so
 * that every process has to be killed. Needs root; PostgreSQL runs as user postgres, on port 54329 of the loopback
 * interface.
 */
final class KillMeasurement {
    private static final int PORT = 54329;
    private static final String URL =
            "jdbc:postgresql://127.0.0.1:" + PORT + "/postgres?user=postgres&socketTimeout=10";
    private static final Duration UNDER_LOAD = Duration.ofMillis(700);
    private static final Duration AFTERWARDS = Duration.ofMillis(500);
    private static final long LOOK_NANOS = 5_000_000;
    private static final int LOOKS = 6_000;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Path home;
    private final Postmaster postmaster;
    private final AtomicLong lastAcknowledged = new AtomicLong();
    private final AtomicLong lastLetIn = new AtomicLong();
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong writes = new AtomicLong();

    private KillMeasurement(Path home) {
        this.home = home;
        Threads threads = new Threads((thread, e) -> e.printStackTrace());
        this.postmaster = new Postmaster(home.resolve("data"), "kill", new Spawner(threads), threads, pid -> {});
    }

    /** Milliseconds from the order. */
    private record Kill(double returned, double lastAcknowledgement, double lastLetIn) {}

    public static void main(String[] arguments) throws Exception {
        int kills = Integer.parseInt(arguments[0]);
        int sessions = Integer.parseInt(arguments[1]);
        int burners = Integer.parseInt(arguments[2]);
        boolean frozen = arguments[3].equals("frozen");
        for (int i = 0; i < burners; i++) {
            Thread.ofPlatform().daemon().start(KillMeasurement::burn);
        }
        Path home = Files.createTempDirectory("pgha-kill");
        KillMeasurement measurement = new KillMeasurement(home);
        try {
            measurement.create();
            List<Kill> all = new ArrayList<>();
            for (int i = 0; i < kills; i++) {
                all.add(measurement.once(sessions, frozen));
            }
            System.out.printf(
                    "%d sessions, %d burners, %s; load average %s",
                    sessions, burners, arguments[3], Files.readString(Path.of("/proc/loadavg")));
            summarize("all processes gone", all.stream().map(Kill::returned));
            summarize("last acknowledgement", all.stream().map(Kill::lastAcknowledgement));
            summarize("last connection let in", all.stream().map(Kill::lastLetIn));
        } finally {
            measurement.postmaster.killWriter();
            run("rm", "-rf", home.toString());
        }
    }

    private void create() throws Exception {
        run("chown", "postgres", home.toString());
        asPostgres(bin("initdb"), "--no-sync", "--auth=trust", "-D", data());
        start();
        try (Connection connection = DriverManager.getConnection(URL);
                Statement statement = connection.createStatement()) {
            statement.execute("create table written (i int)");
        }
    }

    private void start() throws Exception {
        String options = "-p %d -c listen_addresses=127.0.0.1 -c max_connections=300 -c unix_socket_directories=%s"
                .formatted(PORT, home);
        asPostgres(bin("pg_ctl"), "-w", "-t", "120", "-D", data(), "-l", home + "/log", "-o", options, "start");
    }

    private Kill once(int sessions, boolean frozen) throws Exception {
        if (postmaster.adopt().isEmpty()) {
            start();
        }
        int pid = postmaster.adopt().orElseThrow();
        begun.set(0);
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            clients.add(Thread.ofVirtual().start(this::writeUntilItEnds));
        }
        clients.add(Thread.ofVirtual().start(this::connectUntilItEnds));
        long before = writes.get();
        for (int looks = 0; looks < LOOKS && begun.get() < sessions; looks++) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        LockSupport.parkNanos(UNDER_LOAD.toNanos());
        if (frozen) {
            Signal.STOP.sendTo(pid);
        }
        long orderedAt = System.nanoTime();
        boolean gone = postmaster.killWriter();
        long returnedAt = System.nanoTime();
        LockSupport.parkNanos(AFTERWARDS.toNanos());
        Kill kill = new Kill(
                (returnedAt - orderedAt) / NANOS_PER_MILLI,
                (lastAcknowledged.get() - orderedAt) / NANOS_PER_MILLI,
                (lastLetIn.get() - orderedAt) / NANOS_PER_MILLI);
        System.out.printf("%s gone=%b writes=%d%n", kill, gone, writes.get() - before);
        for (Thread client : clients) {
            client.join();
        }
        awaitReaped(pid);
        return kill;
    }

    /** Until init has reaped it: PostgreSQL takes the zombie of a former postmaster for one that runs, and refuses. */
    private static void awaitReaped(int pid) {
        for (int looks = 0; looks < LOOKS && Files.exists(Path.of("/proc/" + pid)); looks++) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private void writeUntilItEnds() {
        try (Connection connection = DriverManager.getConnection(URL);
                Statement statement = connection.createStatement()) {
            begun.incrementAndGet();
            while (true) {
                statement.execute("insert into written values (1)");
                lastAcknowledged.accumulateAndGet(System.nanoTime(), Math::max);
                writes.incrementAndGet();
            }
        } catch (SQLException e) {
            // The end of the server is the end of this session.
        }
    }

    private void connectUntilItEnds() {
        try {
            while (true) {
                try (Connection letIn = DriverManager.getConnection(URL)) {
                    letIn.isClosed();
                    lastLetIn.accumulateAndGet(System.nanoTime(), Math::max);
                }
            }
        } catch (SQLException e) {
            // Nobody is let in any more.
        }
    }

    private static void summarize(String what, Stream<Double> values) {
        List<Double> sorted = values.sorted().toList();
        int n = sorted.size();
        System.out.printf(
                "%-23s n=%d min=%.1fms median=%.1fms p90=%.1fms max=%.1fms%n",
                what, n, sorted.getFirst(), sorted.get(n / 2), sorted.get(n * 9 / 10), sorted.getLast());
    }

    private String data() {
        return home.resolve("data").toString();
    }

    private static String bin(String program) throws Exception {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.max(java.util.Comparator.naturalOrder())
                    .orElseThrow()
                    .resolve("bin")
                    .resolve(program)
                    .toString();
        }
    }

    private static void asPostgres(String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"));
        all.addAll(List.of(command));
        run(all.toArray(new String[0]));
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        int status = process.waitFor();
        if (status != 0) {
            throw new IllegalStateException("cannot run " + String.join(" ", command) + ": it exited with " + status);
        }
    }

    private static void burn() {
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
    }
}
