package pgha.dcs.etcd;

import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.RangeResponse;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import pgha.dcs.Dcs;
import pgha.dcs.DcsConfig;
import pgha.dcs.DcsReply;
import pgha.dcs.DcsReply.Done;
import pgha.dcs.Keys;
import pgha.dcs.dns.Dns;

/**
 * Everything that depends on where etcd is and who we are there: replaced as a whole when that changes.
 *
 * <p>Thread-safe. Two connections at most: one for calls, one for the watch.
 */
final class EtcdLink implements AutoCloseable {
    private static final Duration LONGEST_END = Duration.ofSeconds(2);

    private final DcsConfig config;
    private final ThreadFactory threads;
    private final ChannelFactory channels;
    private final Endpoints endpoints;
    private final Dialer dialer;
    private final AuthToken token;
    private final EtcdConnection connection;
    private @Nullable Thread follower;

    EtcdLink(DcsConfig config, ThreadFactory threads, Dns dns) {
        this.config = config;
        this.threads = threads;
        this.channels = new ChannelFactory(threads);
        Optional<SrvSearch> search = SrvSearch.of(config, dns);
        // Anywhere, so that the nodes of a cluster do not all lean on the first endpoint of their common list.
        this.endpoints = new Endpoints(
                search.isPresent() ? List.of() : configured(config),
                ThreadLocalRandom.current().nextInt(1 << 16));
        this.dialer = new Dialer(
                channels, endpoints, search.map(found -> new Discovery(found, standIns(config), endpoints, threads)));
        this.token = new AuthToken(config.credentials());
        this.connection = new EtcdConnection(dialer, endpoints, token);
    }

    private static List<Endpoint> configured(DcsConfig config) {
        if (config.endpoints().isEmpty()) {
            throw new IllegalArgumentException("cannot reach the store: no endpoints are configured");
        }
        return config.endpoints().stream()
                .map(at -> Endpoint.configured(at, config.tls()))
                .toList();
    }

    private static List<Endpoint> standIns(DcsConfig config) {
        return config.endpoints().stream()
                .map(at -> Endpoint.standIn(at, config.tls()))
                .toList();
    }

    DcsConfig config() {
        return config;
    }

    <Q, R, T> DcsReply<T> call(
            MethodDescriptor<Q, R> method, Q request, Duration timeout, Function<R, DcsReply<T>> read) {
        return connection.call(method, request, timeout, read);
    }

    <Q, R, T> DcsReply<T> call(
            MethodDescriptor<Q, R> method,
            Q request,
            Duration timeout,
            Function<R, DcsReply<T>> read,
            Function<Answer.Failed<R>, DcsReply<T>> turnedDown) {
        return connection.call(method, request, timeout, read, turnedDown);
    }

    /** Which etcd cluster it is that answers, by the number that its members gave it; read linearizably. */
    DcsReply<Long> identity(Duration timeout) {
        return connection.call(
                KVGrpc.getRangeMethod(),
                Wire.range(config.prefix()),
                timeout,
                (RangeResponse reply) -> new Done<>(reply.getHeader().getClusterId()));
    }

    synchronized void follow(Keys keys, Dcs.Listener listener) {
        Thread thread = threads.newThread(new EtcdWatch(dialer, endpoints, token, keys, listener));
        follower = thread;
        thread.setName("store-watch");
        thread.start();
    }

    /** After this the listener hears nothing more. The watch uses the I/O thread until its last moment. */
    synchronized void endFollowing() {
        @Nullable Thread thread = follower;
        if (thread == null || thread.equals(Thread.currentThread())) {
            return;
        }
        thread.interrupt();
        try {
            thread.join(LONGEST_END.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Calls in flight end with {@code NoAnswer}. */
    @Override
    public void close() {
        dialer.close();
        endFollowing();
        connection.close();
        channels.close();
    }
}
