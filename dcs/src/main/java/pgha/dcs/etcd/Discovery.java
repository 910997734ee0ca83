package pgha.dcs.etcd;

import io.grpc.Deadline;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks etcd up in DNS when it is wanted, and leaves what it finds in {@link Endpoints}.
 *
 * <p>Thread-safe. Nobody waits for DNS: each lookup has a thread of its own, {@code store-srv}, one at a time and a
 * second apart. It is wanted while no endpoint is known or none answers; while one does, nobody asks DNS. What was
 * found stays until something else is: DNS may be gone as long as etcd is there. If nothing is found, the endpoints that
 * are written down stand in.
 */
final class Discovery {
    private static final int PAUSE_SECONDS = 1;

    private final SrvSearch search;
    private final List<Endpoint> standIns;
    private final Endpoints endpoints;
    private final ThreadFactory threads;
    private final AtomicBoolean searching = new AtomicBoolean();
    private volatile Deadline rest = Deadline.after(0, TimeUnit.SECONDS);
    private volatile Optional<String> trouble = Optional.empty();

    /** @param standIns what is written down, perhaps nothing */
    Discovery(SrvSearch search, List<Endpoint> standIns, Endpoints endpoints, ThreadFactory threads) {
        this.search = search;
        this.standIns = standIns;
        this.endpoints = endpoints;
        this.threads = threads;
    }

    /** Returns at once. */
    void want() {
        if (rest.isExpired() && searching.compareAndSet(false, true)) {
            Thread thread = threads.newThread(this::look);
            thread.setName("store-srv");
            thread.start();
        }
    }

    /** Why the last lookup found nothing, as one sentence that says what to do; empty if it did, or is the first. */
    Optional<String> trouble() {
        return trouble;
    }

    private void look() {
        try {
            endpoints.use(search.find());
            trouble = Optional.empty();
        } catch (IOException e) {
            endpoints.add(standIns);
            trouble = Optional.of(String.valueOf(e.getMessage()));
        } finally {
            rest = Deadline.after(PAUSE_SECONDS, TimeUnit.SECONDS);
            searching.set(false);
        }
    }
}
