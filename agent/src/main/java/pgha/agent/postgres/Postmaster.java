package pgha.agent.postgres;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pgha.agent.os.Command;
import pgha.agent.os.PidFd;
import pgha.agent.os.ProcessTable;
import pgha.agent.os.Signal;
import pgha.agent.os.SpawnException;
import pgha.agent.os.Spawner;
import pgha.agent.os.Threads;

/**
 * Spawns, adopts, signals and awaits the one postmaster on a data directory.
 *
 * <p>Thread-safe: tasks, the observer and the fence use it at once; all of them only send signals and look. A postmaster
 * is recognised by the directory it works in, never by its number alone. One thread waits for the end of each, and
 * before anybody hears of that end no backend of it is left: backends whose postmaster was killed go on and can still
 * acknowledge.
 */
public final class Postmaster {
    private static final String PROGRAM = "postgres";
    private static final Duration QUIT_GRACE = Duration.ofMillis(200);
    private static final Duration STEP = Duration.ofMillis(5);
    private static final int KILL_ROUNDS = 40;

    private final Path dataDir;
    private final String clusterName;
    private final Spawner spawner;
    private final Threads threads;
    private final IntConsumer exited;
    private final AtomicReference<@Nullable Watched> current = new AtomicReference<>();
    private volatile @Nullable Watched previous;

    /** A postmaster whose end a thread awaits; {@code gone} opens when everybody has heard of it. */
    private record Watched(PidFd process, CountDownLatch gone) {}

    /** @param exited told the number of a postmaster once it and all of its processes are gone; on a thread of ours */
    public Postmaster(Path dataDir, String clusterName, Spawner spawner, Threads threads, IntConsumer exited) {
        this.dataDir = dataDir;
        this.clusterName = clusterName;
        this.spawner = spawner;
        this.threads = threads;
        this.exited = exited;
    }

    /** What postmaster.pid leads to. */
    public sealed interface Found {
        record Nobody() implements Found {}

        /** A postmaster on this data directory, started by whomever. */
        record Running(int pid) implements Found {}

        /** The number belongs to something else by now, and the file is a leftover. */
        record Leftover(int pid) implements Found {}
    }

    /** Of the one that we know of; it may have ended this instant. */
    public Optional<Integer> pid() {
        return Optional.ofNullable(current.get())
                .map(watched -> watched.process().pid());
    }

    /** Looks for one that runs already, and makes it the one we know of. */
    public Optional<Integer> adopt() {
        if (current.get() == null && find() instanceof Found.Running running) {
            watch(running.pid());
        }
        return pid();
    }

    public Found find() {
        Optional<Integer> pid = new DataDirectory(dataDir).pidFile().map(PidFile::pid);
        if (pid.isEmpty() || pid.get() <= 0 || !ProcessTable.isAlive(pid.get())) {
            return new Found.Nobody();
        }
        return isOurs(pid.get()) ? new Found.Running(pid.get()) : new Found.Leftover(pid.get());
    }

    /** Starts one; the caller has made sure that none runs. */
    int spawn(Command command) throws SpawnException, InterruptedException {
        // A leftover file names a living stranger: PostgreSQL would take it for a server, unless told otherwise.
        Command told = find() instanceof Found.Leftover leftover
                ? command.with(java.util.Map.of("PG_GRANDPARENT_PID", Integer.toString(leftover.pid())))
                : command;
        int pid = spawner.spawn(told);
        watch(pid);
        return pid;
    }

    /** Whether there was somebody to take it. */
    public boolean signal(Signal signal) {
        Watched watched = current.get();
        return watched != null && watched.process().signal(signal);
    }

    /** Waits until it and all that belonged to it are gone, and that has been told; whether it is so. */
    boolean awaitExit(Duration atMost) throws InterruptedException {
        Watched watched = current.get();
        return watched == null || watched.gone().await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** All processes that have this data directory open, the postmaster among them. */
    List<Integer> processes() {
        return ProcessTable.runningIn(dataDir, PROGRAM);
    }

    /**
     * Its children that can, or might, acknowledge a write, or still owe a client the end of its session: a process that
     * ends loses its title first, and closes its sockets, which tells the client, when it no longer has one.
     */
    Set<Integer> writers() {
        Set<Integer> writers = new HashSet<>();
        for (int child : pid().map(ProcessTable::childrenOf).orElse(List.of())) {
            String title = ProcessTable.title(child);
            if (title.isEmpty() ? ProcessTable.isAlive(child) : !Backend.isHarmless(title, clusterName)) {
                writers.add(child);
            }
        }
        return writers;
    }

    /**
     * Whether nothing here can acknowledge a write: no connections are taken any more, and of all processes only those
     * that finish the shutdown are left; or none at all.
     */
    public boolean isWriterStopped() {
        if (pid().isEmpty()) {
            return processes().isEmpty();
        }
        boolean stopping =
                new DataDirectory(dataDir).pidFile().map(PidFile::isStopping).orElse(false);
        return stopping && writers().isEmpty();
    }

    /**
     * Stops the writer by force, unless it is stopped: for whom the time is up.
     *
     * @return whether it is stopped now; if not, call again
     */
    public boolean fence() {
        return isWriterStopped() || killWriter();
    }

    /**
     * Kills the postmaster and everything that works for it, orphans of an earlier one included.
     *
     * <p>First it is asked to, and has 200 ms, in which it tells clients and tidies up. Then it is stopped, so that it
     * cannot start another process, its children die, and it dies last. Takes half a second at most.
     *
     * @return whether nothing of it is left
     */
    public boolean killWriter() {
        Optional<Integer> found = adopt();
        for (EndStep step : EndStep.BY_FORCE) {
            take(step, found);
            if (found.isPresent()
                    && hasExitedWithin(Duration.ZERO)
                    && processes().isEmpty()) {
                return true;
            }
        }
        return processes().isEmpty();
    }

    /**
     * Kills what is left of a postmaster that died before we came: nobody has awaited its end, and it is to be told of as
     * stopped. A single-user server, or what initdb runs, is nobody's orphan. Takes 200 ms at most.
     */
    public void endOrphans() {
        kill(this::orphans);
    }

    private void take(EndStep step, Optional<Integer> postmaster) {
        switch (step) {
            case ASK -> {
                if (signal(Signal.QUIT)) {
                    hasExitedWithin(QUIT_GRACE);
                }
            }
            case HOLD -> signal(Signal.STOP);
            case KILL_CHILDREN ->
                kill(() -> {
                    Set<Integer> children = new HashSet<>(processes());
                    postmaster.ifPresent(children::remove);
                    return children;
                });
            case KILL_POSTMASTER -> {
                signal(Signal.KILL);
                hasExitedWithin(QUIT_GRACE);
            }
        }
    }

    private static void kill(Supplier<Set<Integer>> whom) {
        for (int round = 0; round < KILL_ROUNDS; round++) {
            Set<Integer> left = whom.get();
            if (left.isEmpty()) {
                return;
            }
            left.forEach(Signal.KILL::sendTo);
            LockSupport.parkNanos(STEP.toNanos());
        }
    }

    private Set<Integer> orphans() {
        return processes().stream()
                .filter(pid -> ProcessTable.title(pid).startsWith(PROGRAM + ":") && !isOurs(ProcessTable.parentOf(pid)))
                .collect(Collectors.toSet());
    }

    private boolean isOurs(int pid) {
        return ProcessTable.programOf(pid).filter(PROGRAM::equals).isPresent() && ProcessTable.worksIn(pid, dataDir);
    }

    /** The process alone, without the thread that awaits it: a fence depends on nobody. */
    private boolean hasExitedWithin(Duration atMost) {
        Watched watched = current.get();
        return watched == null || watched.process().awaitExit(atMost);
    }

    private void watch(int pid) {
        Optional<PidFd> opened = PidFd.open(pid);
        if (opened.isEmpty()) {
            return;
        }
        Watched watched = new Watched(opened.get(), new CountDownLatch(1));
        if (!current.compareAndSet(null, watched)) {
            watched.process().close();
            return;
        }
        // Not closed when it ends: somebody may be waiting on it. A wait on one that has ended returns at once.
        Watched ended = previous;
        if (ended != null) {
            ended.process().close();
        }
        previous = watched;
        threads.start("postmaster-" + pid, () -> {
            watched.process().awaitExit();
            EndStep.AFTER_DEATH.forEach(step -> take(step, Optional.empty()));
            watched.process().reap();
            exited.accept(pid);
            current.set(null);
            watched.gone().countDown();
        });
    }
}
