package pgha.agent.lease;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pgha.agent.os.BootClock;
import pgha.agent.os.Command;
import pgha.agent.os.PidFd;
import pgha.agent.os.PosixPipe;
import pgha.agent.os.ProcessTable;
import pgha.agent.os.Signal;
import pgha.agent.os.SpawnException;
import pgha.agent.os.Spawner;
import pgha.agent.os.Threads;
import pgha.dcs.model.Moment;

/**
 * Feeds the lease guard, the process that stops PostgreSQL at the deadline when we cannot.
 *
 * <p>Thread-safe. The guard is {@code lib/lease-guard}; its header tells the protocol. It outlives this process, and
 * the next one takes it over with the deadline it has. One thread awaits its end, starts another one and arms it
 * again. Feeding never blocks; arming waits for the guard's word.
 */
@SuppressWarnings("try") // Whoever closes it may be interrupted, and is told so.
public final class GuardProcess implements LeaseGuard, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GuardProcess.class);

    private static final Duration START_LIMIT = Duration.ofSeconds(2);
    private static final Duration ANSWER_LIMIT = Duration.ofMillis(500);
    private static final Duration CLOCKS_AGREE = Duration.ofSeconds(1);
    private static final Duration STEP = Duration.ofMillis(2);
    private static final Duration BEFORE_NEXT = Duration.ofMillis(50);

    private final Guarded guarded;
    private final Spawner spawner;
    private final Threads threads;
    private final BootClock clock;

    private final GuardLine line;
    private final ReentrantLock mending = new ReentrantLock();
    private volatile boolean closed;

    /**
     * What is guarded, and by what.
     *
     * @param script the guard
     * @param runtimeDir where its pipe and its state are; survives the agent, not the host
     * @param log a file for what it says
     * @param environment all of it
     */
    public record Guarded(
            Path script,
            Path dataDir,
            Path runtimeDir,
            Path log,
            String clusterName,
            SortedMap<String, String> environment) {}

    public GuardProcess(Guarded guarded, Spawner spawner, Threads threads, BootClock clock) {
        this.guarded = guarded;
        this.spawner = spawner;
        this.threads = threads;
        this.clock = clock;
        this.line = new GuardLine(clock::now);
    }

    /**
     * Takes over the guard that runs, or starts one, and from then on sees to it that one runs.
     *
     * <p>One that another version has left is replaced by ours, which goes on with the deadline that it finds.
     */
    public void start() throws InterruptedException {
        GuardState.read(stateFile()).ifPresent(line::continueFrom);
        if (running().filter(pid -> !isOurs(pid)).isPresent()) {
            log.info("replacing the lease guard of another version");
            kill();
        }
        connect().ifPresent(why -> log.error("cannot start the lease guard: {}", why));
        threads.start("guard", this::mendForEver);
    }

    @Override
    public Optional<Moment> inheritedDeadline() {
        return GuardState.read(stateFile()).flatMap(GuardState::deadline);
    }

    @Override
    public Optional<String> arm(Moment deadline) throws InterruptedException {
        Optional<String> failure = answer(line.arm(deadline));
        if (failure.isPresent()) {
            kill();
        }
        // Whoever awaits its end mends too, and on a busy machine the two may be in each other's way for a moment.
        Moment until = clock.now().plus(START_LIMIT);
        while (failure.isPresent() && clock.now().isBefore(until)) {
            failure = mended();
        }
        return failure;
    }

    /** A guard that has ended meanwhile is started and armed again. */
    @Override
    public void adopt(Moment deadline) {
        line.arm(deadline);
    }

    @Override
    public void feed(Moment deadline) {
        seeThatItListens(line.feed(deadline));
    }

    @Override
    public void move(Moment deadline) {
        seeThatItListens(line.move(deadline));
    }

    /** A guard that has not taken in what it was told before is killed: another one is started in its place. */
    private void seeThatItListens(boolean told) {
        if (!told) {
            log.warn("cannot tell the lease guard of another deadline; it is started again");
            return;
        }
        long answered = GuardState.read(stateFile()).map(GuardState::sequence).orElse(0L);
        Moment patientSince = clock.now().minus(ANSWER_LIMIT);
        if (line.unheardSince(answered).filter(patientSince::isAfter).isPresent()) {
            log.warn("the lease guard runs and does not listen: replacing it");
            running().flatMap(PidFd::open).ifPresent(GuardProcess::signalKill);
        }
    }

    @Override
    public void disarm() {
        line.disarm();
    }

    /** Stops seeing to the guard. If it is armed it goes on, and has taken in the last deadline. */
    @Override
    public void close() throws InterruptedException {
        if (line.isArmed()) {
            mended().ifPresent(why -> log.error("leaving without a lease guard: {}; start an agent again", why));
        }
        closed = true;
    }

    /** Why the guard has not taken a line in. */
    private Optional<String> answer(OptionalLong said) throws InterruptedException {
        if (said.isEmpty()) {
            return Optional.of("the lease guard does not run");
        }
        Moment until = clock.now().plus(ANSWER_LIMIT);
        while (clock.now().isBefore(until)) {
            Optional<GuardState> state = GuardState.read(stateFile());
            if (state.filter(s -> s.sequence() >= said.getAsLong()).isPresent()) {
                return objectionTo(state.get());
            }
            if (state.filter(s -> !ProcessTable.isAlive(s.pid())).isPresent()) {
                return Optional.of("the lease guard has just ended");
            }
            pause(STEP);
        }
        return Optional.of("the lease guard does not answer");
    }

    private Optional<String> objectionTo(GuardState state) {
        Duration apart = state.now().until(clock.now()).abs();
        return apart.compareTo(CLOCKS_AGREE) > 0
                ? Optional.of("the lease guard's clock, /proc/uptime, is %ds off ours; is it that of a container?"
                        .formatted(apart.toSeconds()))
                : Optional.empty();
    }

    /** Waits for each guard's end; what it was told is told to the next one, as often as it takes. */
    private void mendForEver() {
        try {
            while (!closed) {
                awaitEnd();
                if (closed) {
                    return;
                }
                Moment endedAt = clock.now();
                Optional<String> failure = mended();
                if (failure.isPresent()) {
                    log.error("cannot start the lease guard again: {}; trying on", failure.get());
                    kill();
                    pause(BEFORE_NEXT);
                } else {
                    log.warn(
                            "the lease guard had ended; another one knows the deadline after {} ms",
                            endedAt.until(clock.now()).toMillis());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A guard runs that knows what the last one was told; or why not. */
    private Optional<String> mended() throws InterruptedException {
        Optional<String> failure = connect();
        return failure.isPresent() ? failure : answer(line.repeat());
    }

    private void awaitEnd() {
        Optional<PidFd> guard = running().flatMap(PidFd::open);
        if (guard.isPresent()) {
            try (PidFd process = guard.get()) {
                process.awaitExit();
                process.reap();
            }
        }
    }

    /** One that does not answer, being stopped or stuck, or that is not ours; whoever awaits its end does the rest. */
    private void kill() {
        Optional<PidFd> guard = running().flatMap(PidFd::open);
        if (guard.isPresent()) {
            try (PidFd process = guard.get()) {
                process.signal(Signal.KILL);
                process.awaitExit(ANSWER_LIMIT);
                process.reap();
            }
        }
    }

    private static void signalKill(PidFd guard) {
        try (guard) {
            guard.signal(Signal.KILL);
        }
    }

    /** Makes sure that a guard runs and that we have its pipe; why not, if not. */
    private Optional<String> connect() throws InterruptedException {
        mending.lockInterruptibly();
        try {
            Moment until = clock.now().plus(START_LIMIT);
            Optional<String> failure = Optional.of("it does not come up; see " + guarded.log());
            while (failure.isPresent() && clock.now().isBefore(until)) {
                if (running().isEmpty()) {
                    spawnAndAwait(until);
                }
                Optional<PosixPipe> opened = running().isPresent() ? PosixPipe.open(pipeFile()) : Optional.empty();
                if (opened.isPresent()) {
                    line.use(opened.get());
                    // It learns of us, and tells that it listens.
                    failure = answer(line.greet());
                } else {
                    pause(STEP);
                }
            }
            return failure;
        } catch (SpawnException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return Optional.of(e.toString());
        } finally {
            mending.unlock();
        }
    }

    private void spawnAndAwait(Moment until) throws SpawnException, IOException, InterruptedException {
        Files.createDirectories(guarded.runtimeDir());
        Files.createDirectories(
                Objects.requireNonNull(guarded.log().toAbsolutePath().getParent()));
        int pid = spawner.spawn(new Command(
                guarded.script(),
                List.of(guarded.dataDir().toString(), guarded.runtimeDir().toString(), guarded.clusterName()),
                new TreeMap<>(guarded.environment()),
                guarded.log()));
        while (running().isEmpty() && clock.now().isBefore(until) && ProcessTable.isAlive(pid)) {
            pause(STEP);
        }
        if (!ProcessTable.isAlive(pid)) {
            PidFd.exitCode(pid);
        }
    }

    /** The guard of this runtime directory, of whatever version, by its own word and the process table's. */
    private Optional<Integer> running() {
        String words = "%s %s %s ".formatted(guarded.script().getFileName(), guarded.dataDir(), guarded.runtimeDir());
        return GuardState.read(stateFile())
                .map(GuardState::pid)
                .filter(pid -> ProcessTable.isAlive(pid) && (ProcessTable.title(pid) + " ").contains(words));
    }

    /** Whether it reads the script that we would start, not one that lay elsewhere or has been replaced. */
    private boolean isOurs(int pid) {
        return ProcessTable.hasOpen(pid, guarded.script());
    }

    private Path stateFile() {
        return guarded.runtimeDir().resolve("guard.state");
    }

    private Path pipeFile() {
        return guarded.runtimeDir().resolve("guard.pipe");
    }

    private static void pause(Duration length) throws InterruptedException {
        LockSupport.parkNanos(length.toNanos());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
