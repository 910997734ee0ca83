package pgha.agent.postgres;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pgha.agent.os.Command;
import pgha.agent.os.PidFd;
import pgha.agent.os.ProcessTable;
import pgha.agent.os.Signal;
import pgha.agent.os.SpawnException;
import pgha.agent.os.Spawner;

/**
 * Runs callbacks one at a time: the next one ends the one before, with all that it started.
 *
 * <p>Runs on a thread of its own; {@link #call} is thread-safe and never blocks. Closing waits a moment for what was
 * called to have been started, and leaves it running.
 */
final class CallbackLane implements Runnable, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CallbackLane.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final Duration LAST_START = Duration.ofSeconds(1);

    private final Spawner spawner;
    private final LinkedBlockingQueue<Optional<Command>> calls = new LinkedBlockingQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    /** Confined to the lane's thread. */
    private @Nullable PidFd running;

    CallbackLane(Spawner spawner) {
        this.spawner = spawner;
    }

    void call(Command command) {
        calls.add(Optional.of(command));
    }

    @Override
    public void run() {
        try {
            while (true) {
                Optional<Command> next =
                        running == null ? calls.take() : calls.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                if (next == null) {
                    collect();
                } else if (next.isEmpty()) {
                    return;
                } else {
                    start(next.get());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    private void start(Command command) throws InterruptedException {
        collect();
        if (running != null) {
            kill(running);
            collect();
        }
        try {
            int pid = spawner.spawn(command);
            running = PidFd.open(pid).orElse(null);
        } catch (SpawnException e) {
            log.warn("cannot call back: {}", e.getMessage());
        }
    }

    /** With its descendants, which may have sessions of their own; stopped first, so that none begins another. */
    private static void kill(PidFd callback) {
        log.info("ending callback {}, since there is another to be called", callback.pid());
        List<Integer> all = new ArrayList<>(List.of(callback.pid()));
        for (int at = 0; at < all.size(); at++) {
            Signal.STOP.sendTo(all.get(at));
            all.addAll(ProcessTable.childrenOf(all.get(at)));
        }
        all.reversed().forEach(Signal.KILL::sendTo);
        callback.awaitExit(LAST_START);
    }

    private void collect() {
        if (running == null || !running.hasExited()) {
            return;
        }
        int status = PidFd.exitCode(running.pid());
        if (status != 0) {
            log.warn("callback {} ended with {}", running.pid(), status);
        }
        running.close();
        running = null;
    }

    @Override
    public void close() {
        calls.add(Optional.empty());
        try {
            if (!ended.await(LAST_START.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("not all callbacks could be started");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
