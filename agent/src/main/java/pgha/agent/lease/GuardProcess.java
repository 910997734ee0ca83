package pgha.agent.lease;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
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
public final class GuardProcess implements LeaseGuard {
    private static final Logger log = LoggerFactory.getLogger(GuardProcess.class);

    private static final Duration START_LIMIT = Duration.ofSeconds(2);
    private static final Duration ANSWER_LIMIT = Duration.ofMillis(500);
    private static final Duration CLOCKS_AGREE = Duration.ofSeconds(1);
    private static final Duration STEP = Duration.ofMillis(2);
    private static final Duration BEFORE_NEXT = Duration.ofMillis(200);

    private final Guarded guarded;
    private final Spawner spawner;
    private final Threads threads;
    private final BootClock clock;

    private final AtomicLong sequence = new AtomicLong();
    private final AtomicReference<Moment> armedUntil = new AtomicReference<>(Moment.NEVER);
    private final AtomicReference<Optional<PosixPipe>> pipe = new AtomicReference<>(Optional.empty());
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
    }

    /** Takes over the guard that runs, or starts one, and from then on sees to it that one runs. */
    public void start() throws InterruptedException {
        GuardState.read(stateFile()).ifPresent(state -> sequence.set(state.sequence()));
        Optional<String> failure = connect();
        failure.ifPresent(why -> log.error("cannot start the lease guard: {}", why));
        armedUntil.set(inheritedDeadline().orElse(Moment.NEVER));
        threads.start("guard", this::mendForEver);
    }

    @Override
    public Optional<Moment> inheritedDeadline() {
        return GuardState.read(stateFile()).flatMap(GuardState::deadline);
    }

    @Override
    public Optional<String> arm(Moment deadline) throws InterruptedException {
        armedUntil.set(deadline);
        Optional<String> failure = send("arm", deadline);
        if (failure.isPresent()) {
            replace();
            failure = send("arm", deadline);
        }
        return failure;
    }

    /** A guard that has ended meanwhile is started and armed again. */
    @Override
    public void adopt(Moment deadline) {
        armedUntil.set(deadline);
        write("arm", sequence.incrementAndGet(), deadline);
    }

    @Override
    public void feed(Moment deadline) {
        Moment armed = armedUntil.updateAndGet(
                before -> before.equals(Moment.NEVER) ? before : Moment.later(before, deadline));
        if (!armed.equals(Moment.NEVER) && !write("feed", sequence.incrementAndGet(), deadline)) {
            log.warn("cannot tell the lease guard of a later deadline; it is started again");
        }
    }

    @Override
    public void disarm() {
        armedUntil.set(Moment.NEVER);
        write("disarm", sequence.incrementAndGet(), Moment.EARLIEST);
    }

    /** Leaves the guard as it is and stops seeing to it. */
    public void detach() {
        closed = true;
    }

    /** Why the guard has not taken it. */
    private Optional<String> send(String verb, Moment deadline) throws InterruptedException {
        long number = sequence.incrementAndGet();
        if (!write(verb, number, deadline)) {
            return Optional.of("the lease guard does not run");
        }
        Moment until = clock.now().plus(ANSWER_LIMIT);
        while (clock.now().isBefore(until)) {
            Optional<GuardState> state = GuardState.read(stateFile()).filter(s -> s.sequence() >= number);
            if (state.isPresent()) {
                return objectionTo(state.get());
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

    private boolean write(String verb, long number, Moment deadline) {
        String line = "%s %d %d %d"
                .formatted(
                        verb,
                        number,
                        GuardState.hundredths(deadline),
                        ProcessHandle.current().pid());
        return Objects.requireNonNull(pipe.get()).map(p -> p.writeLine(line)).orElse(false);
    }

    /** Waits for each guard's end; what it was told is told to the next one. */
    private void mendForEver() {
        try {
            while (!closed) {
                awaitEnd();
                if (closed) {
                    return;
                }
                Optional<String> failure = connect();
                if (failure.isPresent()) {
                    log.error("cannot start the lease guard again: {}", failure.get());
                    pause(BEFORE_NEXT);
                    continue;
                }
                log.warn("the lease guard had ended and was started again");
                Moment deadline = Objects.requireNonNull(armedUntil.get());
                if (!deadline.equals(Moment.NEVER)) {
                    send("arm", deadline).ifPresent(why -> log.error("cannot arm the lease guard again: {}", why));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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

    /** One that does not answer, being stopped or stuck, is killed; the thread that awaits its end does the rest. */
    private void replace() throws InterruptedException {
        Optional<PidFd> guard = running().flatMap(PidFd::open);
        if (guard.isPresent()) {
            try (PidFd process = guard.get()) {
                process.signal(Signal.KILL);
                process.awaitExit(ANSWER_LIMIT);
            }
        }
        connect();
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
                    Objects.requireNonNull(pipe.getAndSet(opened)).ifPresent(PosixPipe::close);
                    // It learns of us, and tells that it listens.
                    failure = send("feed", Moment.EARLIEST);
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

    /** The guard of this runtime directory, by its own word and the process table's. */
    private Optional<Integer> running() {
        return GuardState.read(stateFile())
                .map(GuardState::pid)
                .filter(pid -> ProcessTable.isAlive(pid)
                        && ProcessTable.title(pid).contains(guarded.script() + " " + guarded.dataDir()));
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
