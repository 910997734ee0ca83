package pgha.dcs.etcd;

import io.grpc.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connects to whichever endpoint answers first.
 *
 * <p>Thread-safe. An endpoint that refuses hands over to the next at once; one that is silent gets company after
 * {@link #STAGGER}, so that neither a dead host nor a lost SYN, which the kernel repeats only after a second, holds
 * anybody up. After a round of refusals there is a short pause, and then another round: a store that comes back is
 * found within it, and DNS, if it knows where etcd is, is asked again meanwhile.
 */
final class Dialer {
    private static final Duration STAGGER = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int MAX_ATTEMPTS_AT_ONCE = 4;

    private final ChannelFactory channels;
    private final Endpoints endpoints;
    private final Optional<Discovery> discovery;
    private volatile boolean closed;

    /** @param discovery empty if the endpoints are all there ever will be */
    Dialer(ChannelFactory channels, Endpoints endpoints, Optional<Discovery> discovery) {
        this.channels = channels;
        this.endpoints = endpoints;
        this.discovery = discovery;
    }

    /** From now on every call of {@link #dial}, those in progress included, ends without a channel. */
    void close() {
        closed = true;
    }

    /** What keeps DNS from telling where etcd is, if it is asked. */
    Optional<String> trouble() {
        return discovery.flatMap(Discovery::trouble);
    }

    EtcdChannel dial(Deadline deadline) throws Unreachable, InterruptedException {
        Race race = new Race();
        try {
            return race.run(deadline);
        } finally {
            race.dropLosers();
        }
    }

    /** The attempts of one call. Confined to its thread but for the queue. */
    private final class Race {
        private final BlockingQueue<EtcdChannel> decided = new LinkedBlockingQueue<>();
        private final Deque<EtcdChannel> trying = new ArrayDeque<>();
        private String cause = "no answer";
        private int failures;

        EtcdChannel run(Deadline deadline) throws Unreachable, InterruptedException {
            long wait = 0;
            while (!closed) {
                long left = Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS));
                @Nullable EtcdChannel next = decided.poll(Math.min(wait, left), TimeUnit.NANOSECONDS);
                if (next == null) {
                    if (deadline.isExpired()) {
                        discovery.ifPresent(Discovery::want);
                        throw new Unreachable("cannot reach any endpoint of etcd: " + cause);
                    }
                    wait = start() ? STAGGER.toNanos() : pauseAfterFailure();
                } else if (next.isUsable()) {
                    trying.remove(next);
                    endpoints.trust(next.endpoint());
                    return next;
                } else {
                    cause = next.endpoint() + ": " + next.opened().join().orElse("the connection broke");
                    drop(next);
                    wait = pauseAfterFailure();
                }
            }
            throw new Unreachable("cannot reach etcd: the connection was closed");
        }

        private long pauseAfterFailure() {
            failures++;
            if (failures % Math.max(1, endpoints.size()) != 0) {
                return 0;
            }
            discovery.ifPresent(Discovery::want);
            return PAUSE.toNanos();
        }

        private boolean start() {
            if (trying.size() == MAX_ATTEMPTS_AT_ONCE) {
                drop(trying.getFirst());
            }
            Optional<Endpoint> endpoint = endpoints.next();
            if (endpoint.isEmpty()) {
                cause = trouble().orElse("DNS has not said yet where it is");
                return false;
            }
            try {
                EtcdChannel channel = channels.open(endpoint.get());
                trying.add(channel);
                var unused = channel.opened().thenRun(() -> decided.add(channel));
                return true;
            } catch (IOException e) {
                cause = String.valueOf(e.getMessage());
                return false;
            }
        }

        private void drop(EtcdChannel channel) {
            trying.remove(channel);
            endpoints.suspect(channel.endpoint());
            channel.close();
        }

        void dropLosers() {
            while (!trying.isEmpty()) {
                drop(trying.getFirst());
            }
        }
    }
}
