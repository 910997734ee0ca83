package pgha.dcs.etcd;

import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import pgha.dcs.DcsReply;
import pgha.dcs.DcsReply.NoAnswer;
import pgha.dcs.DcsReply.Refused;

/**
 * Calls with one answer, over one channel that is replaced when it is silent or broken.
 *
 * <p>Thread-safe; blocks its caller until the deadline at most. Each call is sent once, on a channel that was seen to
 * work. It is sent again only after etcd said that the first sending was turned down for want of a valid token.
 * Silence ends the channel, for everybody who waits on it: the next call goes to the next endpoint.
 */
final class EtcdConnection implements AutoCloseable {
    private static final int MAX_SENDINGS = 3;

    /** Who was given less time than this, because connecting took the rest, has not been silent. */
    private static final Duration LEAST_PATIENCE = Duration.ofMillis(200);

    private final Dialer dialer;
    private final Endpoints endpoints;
    private final AuthToken token;
    private final AtomicReference<@Nullable EtcdChannel> current = new AtomicReference<>();
    private final ReentrantLock dialing = new ReentrantLock(true);
    private volatile boolean closed;

    EtcdConnection(Dialer dialer, Endpoints endpoints, AuthToken token) {
        this.dialer = dialer;
        this.endpoints = endpoints;
        this.token = token;
    }

    /** @param read what a message means; etcd can say no in a message too */
    <Q, R, T> DcsReply<T> call(
            MethodDescriptor<Q, R> method, Q request, Duration timeout, Function<R, DcsReply<T>> read) {
        return call(method, request, timeout, read, failed -> new Refused<>(failed.cause()));
    }

    /** @param turnedDown what it means that etcd certainly did not do it */
    <Q, R, T> DcsReply<T> call(
            MethodDescriptor<Q, R> method,
            Q request,
            Duration timeout,
            Function<R, DcsReply<T>> read,
            Function<Answer.Failed<R>, DcsReply<T>> turnedDown) {
        Deadline deadline = Deadline.after(timeout.toNanos(), TimeUnit.NANOSECONDS);
        try {
            return switch (answerTo(method, request, deadline)) {
                case Answer.Got<R> got -> read.apply(got.message());
                case Answer.Failed<R> failed ->
                    Statuses.isCertainNo(failed.status()) ? turnedDown.apply(failed) : new NoAnswer<>(failed.cause());
            };
        } catch (Denied e) {
            return turnedDown.apply(new Answer.Failed<>(Status.PERMISSION_DENIED.withDescription(e.getMessage())));
        } catch (Unreachable e) {
            return new NoAnswer<>(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new NoAnswer<>("the caller was interrupted");
        }
    }

    private <Q, R> Answer<R> answerTo(MethodDescriptor<Q, R> method, Q request, Deadline deadline)
            throws Denied, Unreachable, InterruptedException {
        for (int sending = 1; ; sending++) {
            EtcdChannel channel = channel(deadline);
            Metadata headers = headers(channel, deadline);
            long patience = deadline.timeRemaining(TimeUnit.NANOSECONDS);
            Answer<R> answer = channel.call(method, request, headers, deadline);
            if (!(answer instanceof Answer.Failed<R> failed)) {
                return answer;
            }
            if (Statuses.blamesEndpoint(failed.status())) {
                if (patience >= LEAST_PATIENCE.toNanos()
                        || failed.status().getCode() != Status.Code.DEADLINE_EXCEEDED) {
                    giveUp(channel);
                }
                return new Answer.Failed<>(Status.fromCode(failed.status().getCode())
                        .withDescription(channel.endpoint() + ": " + failed.cause()));
            }
            if (!Statuses.asksForNewToken(failed.status()) || sending == MAX_SENDINGS) {
                return answer;
            }
            token.forget(headers);
        }
    }

    private Metadata headers(EtcdChannel channel, Deadline deadline) throws Denied, Unreachable, InterruptedException {
        try {
            return token.headers(channel, deadline);
        } catch (Unreachable e) {
            giveUp(channel);
            throw e;
        }
    }

    private EtcdChannel channel(Deadline deadline) throws Unreachable, InterruptedException {
        @Nullable EtcdChannel present = current.get();
        if (present != null && isGood(present)) {
            return present;
        }
        if (!dialing.tryLock(Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS)), TimeUnit.NANOSECONDS)) {
            throw new Unreachable("cannot reach any endpoint of etcd: still connecting");
        }
        try {
            @Nullable EtcdChannel other = current.get();
            if (other != null && isGood(other)) {
                return other;
            }
            EtcdChannel fresh = dialer.dial(deadline);
            @Nullable EtcdChannel old = current.getAndSet(fresh);
            if (old != null) {
                old.close();
            }
            if (closed) {
                fresh.close();
            }
            return fresh;
        } finally {
            dialing.unlock();
        }
    }

    private boolean isGood(EtcdChannel channel) {
        return channel.isUsable() && !endpoints.isSuspect(channel.endpoint());
    }

    private void giveUp(EtcdChannel channel) {
        endpoints.suspect(channel.endpoint());
        current.compareAndSet(channel, null);
        channel.close();
    }

    /** Ends calls in flight; to be called after the dialer was closed, so that nothing is opened any more. */
    @Override
    public void close() {
        closed = true;
        @Nullable EtcdChannel last = current.getAndSet(null);
        if (last != null) {
            last.close();
        }
    }
}
