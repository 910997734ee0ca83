package pgha.dcs.etcd;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import pgha.dcs.model.HostPort;

/**
 * Opens channels: one I/O thread for all of them, no repetition, no proxies, nothing lingering.
 *
 * <p>Thread-safe. The only class that knows that gRPC runs on Netty. The I/O thread is made by the caller's factory;
 * answers are handed over on it, which is why nothing here ever works in a callback.
 */
final class ChannelFactory implements AutoCloseable {
    private static final int MAX_MESSAGE_BYTES = 16 << 20;

    private final ThreadFactory threads;
    private final EventLoopGroup io;

    ChannelFactory(ThreadFactory threads) {
        this.threads = threads;
        ThreadFactory ioThreads = task -> named("grpc-io", task);
        this.io = new MultiThreadIoEventLoopGroup(1, ioThreads, NioIoHandler.newFactory());
    }

    /** @throws IOException if a certificate or key file cannot be used */
    EtcdChannel open(Endpoint endpoint) throws IOException {
        ChannelCredentials credentials =
                endpoint.tls().isPresent() ? TlsFiles.read(endpoint.tls().get()) : InsecureChannelCredentials.create();
        ManagedChannel channel = builder(endpoint.at(), credentials)
                .eventLoopGroup(io)
                .channelType(NioSocketChannel.class, InetSocketAddress.class)
                // Zero: closing discards what was not delivered, so that a request we gave up does not arrive later.
                .withOption(ChannelOption.SO_LINGER, 0)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .directExecutor()
                .offloadExecutor(task -> named("grpc-dns", task).start())
                .disableRetry()
                .disableServiceConfigLookUp()
                .proxyDetector(address -> null)
                .idleTimeout(365, TimeUnit.DAYS)
                .build();
        return new EtcdChannel(endpoint, channel);
    }

    /** An address needs no resolver, and so no thread to resolve it on. */
    private static NettyChannelBuilder builder(HostPort endpoint, ChannelCredentials credentials) {
        boolean isAddress = endpoint.host().indexOf(':') >= 0 || endpoint.host().matches("[0-9.]+");
        return isAddress
                ? NettyChannelBuilder.forAddress(new InetSocketAddress(endpoint.host(), endpoint.port()), credentials)
                : NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port(), credentials);
    }

    private Thread named(String name, Runnable task) {
        Thread thread = threads.newThread(task);
        thread.setName(name);
        return thread;
    }

    @Override
    public void close() {
        var unused = io.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
