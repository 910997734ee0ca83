package pgha.lab.soak;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import pgha.lab.Command;
import pgha.lab.LabException;
import pgha.lab.cluster.LabEtcd;

/**
 * Follows the leader key and the published position for the length of a round, on a thread of its own.
 *
 * <p>A watch that ends, since its member did or what it wants is compacted, is begun again from what the keys are then:
 * what changed in between shows as one change.
 */
final class LeaderWatch implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long PAUSE_NANOS = Duration.ofMillis(200).toNanos();

    private final LabEtcd etcd;
    private final String prefix;
    private final LeaderLog log;
    private final CountDownLatch watching = new CountDownLatch(1);
    private final Thread thread;

    private volatile boolean closed;

    @Nullable
    private volatile Process watch;

    private LeaderWatch(LabEtcd etcd, String scope) {
        this.etcd = etcd;
        this.prefix = "/service/" + scope + "/";
        this.log = new LeaderLog(scope);
        this.thread = Thread.ofPlatform().daemon().name("leader-watch").unstarted(this::follow);
    }

    /** Returns once it knows who leads. */
    static LeaderWatch start(LabEtcd etcd, String scope) {
        LeaderWatch watch = new LeaderWatch(etcd, scope);
        watch.thread.start();
        try {
            if (!watch.watching.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                watch.close();
                throw new LabException("cannot watch who leads: etcd does not answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return watch;
    }

    List<Handover> handovers() {
        return log.handovers();
    }

    /** To be said when the store has older keys than it had: it would send nothing until its revisions are as high again. */
    void beginAgain() {
        Process running = watch;
        if (running != null) {
            running.destroyForcibly();
        }
    }

    @Override
    public void close() {
        closed = true;
        beginAgain();
        LockSupport.unpark(thread);
        try {
            thread.join(LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() {
        while (!closed) {
            try {
                Command.Result keys = etcd.etcdctl("get", "--prefix", prefix, "-w", "json");
                if (keys.succeeded()) {
                    watchFrom(1 + log.snapshot(keys.out(), System.nanoTime()));
                }
            } catch (IOException | LabException e) {
                // It was ended while it was read; the next look says what is.
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void watchFrom(long revision) throws IOException {
        Process started = new ProcessBuilder(
                        etcd.commandLine("watch", "--prefix", prefix, "--rev", Long.toString(revision), "-w", "json"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        watch = started;
        watching.countDown();
        if (closed) {
            started.destroyForcibly();
        }
        try (BufferedReader lines = started.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("{")) {
                    log.changes(line, System.nanoTime());
                }
            }
        }
    }
}
