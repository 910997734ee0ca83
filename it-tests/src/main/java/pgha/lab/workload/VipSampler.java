package pgha.lab.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Watches which kernels have the VIP, every few milliseconds. One thread of its own; results may be read by any. */
public final class VipSampler implements AutoCloseable {
    /** From this moment on, until the next one, the VIP was seen at these hosts. */
    public record Holding(long at, Set<String> hosts) {}

    private final Supplier<Set<String>> holders;
    private final long periodNanos;
    private final List<Holding> changes = new ArrayList<>();
    private final Thread thread;
    private volatile boolean stopped;

    public VipSampler(Supplier<Set<String>> holders, Duration period) {
        this.holders = holders;
        this.periodNanos = period.toNanos();
        this.thread = Thread.ofPlatform().daemon().name("vip-sampler").unstarted(this::sample);
    }

    public void start() {
        thread.start();
    }

    /** Every change so far, oldest first; the first is the state at the start. */
    public List<Holding> changes() {
        synchronized (changes) {
            return List.copyOf(changes);
        }
    }

    /** The moments at which more than one host had it. */
    public List<Holding> conflicts() {
        return changes().stream().filter(change -> change.hosts().size() > 1).toList();
    }

    @Override
    public void close() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    private void sample() {
        Set<String> last = Set.of("nobody was asked yet");
        while (!stopped) {
            Set<String> now = new TreeSet<>(holders.get());
            if (!now.equals(last)) {
                synchronized (changes) {
                    changes.add(new Holding(System.nanoTime(), Set.copyOf(now)));
                }
                last = now;
            }
            LockSupport.parkNanos(periodNanos);
        }
    }
}
