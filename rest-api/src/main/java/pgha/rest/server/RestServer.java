package pgha.rest.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.Moment;
import pgha.rest.AgentApi;
import pgha.rest.RestConfig;

/**
 * Listens for HTTP and answers from what the agent publishes.
 *
 * <p>Thread-safe. One thread, from the factory, serves all connections; a second one looks after certificates and names.
 */
public final class RestServer implements AutoCloseable {
    /** What came of starting. */
    public sealed interface Start {}

    /** It listens. */
    public record Listening(RestServer server) implements Start {}

    /** It does not, and the sentence says why and what to do. */
    public record CannotListen(String sentence) implements Start {}

    private static final Logger log = LoggerFactory.getLogger(RestServer.class);
    private static final int SMALL_BUFFER = 2048;
    private static final int BACKLOG = 1024;
    private static final HttpDecoderConfig LIMITS = new HttpDecoderConfig()
            .setMaxInitialLineLength(4096)
            .setMaxHeaderSize(8192)
            .setMaxChunkSize(8192)
            .setStrictLineParsing(false);

    private final MultiThreadIoEventLoopGroup loop;
    private final Admission admission = new Admission();
    private final MemberAddresses members = new MemberAddresses();
    private final Lookout lookout = new Lookout(this::lookAgain);
    private final Router router;
    private final ServerTls tls;
    private final AgentApi api;
    private volatile RestConfig config;
    private volatile HostPort address;
    private volatile Authorizer authorizer;
    private volatile Banner banner;
    private volatile @Nullable Channel listener;

    private RestServer(RestConfig config, AgentApi api, Supplier<Moment> clock, ThreadFactory threads, ServerTls tls) {
        this.api = api;
        this.config = config;
        this.address = config.listen();
        this.authorizer = new Authorizer(config, members);
        this.banner = Banner.of(config.headers(), api.status().version());
        this.router = new Router(
                new ReadEndpoints(api, clock),
                new CommandEndpoints(api, () -> authorizer),
                new NodeEndpoints(api, () -> authorizer));
        this.tls = tls;
        this.loop = new MultiThreadIoEventLoopGroup(1, threads, NioIoHandler.newFactory());
    }

    public static Start start(RestConfig config, AgentApi api, Supplier<Moment> clock, ThreadFactory threads) {
        return start(config, addressOf(config.listen()), api, clock, threads);
    }

    static Start start(
            RestConfig config, InetSocketAddress address, AgentApi api, Supplier<Moment> clock, ThreadFactory threads) {
        ServerTls tls;
        try {
            tls = ServerTls.of(config.tls());
        } catch (IOException e) {
            return new CannotListen("cannot serve HTTPS: %s; check restapi.certfile, keyfile, cafile and ciphers"
                    .formatted(e.getMessage()));
        }
        RestServer server = new RestServer(config, api, clock, threads, tls);
        ChannelFuture bound = server.bind(address);
        if (!bound.isSuccess()) {
            server.close();
            return new CannotListen(cannotListen(config.listen(), bound.cause()));
        }
        threads.newThread(server.lookout).start();
        return new Listening(server);
    }

    private ChannelFuture bind(InetSocketAddress address) {
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(false))
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(SMALL_BUFFER))
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        furnish(channel);
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (bound.isSuccess()) {
            listener = bound.channel();
        }
        return bound;
    }

    private void furnish(SocketChannel channel) {
        tls.handler(channel.alloc()).ifPresent(handler -> channel.pipeline().addLast(handler));
        channel.pipeline()
                .addLast(
                        new HttpRequestDecoder(LIMITS),
                        new HttpBridge(
                                router, request -> Patience.with(request, api.status()), admission, () -> banner));
    }

    private static InetSocketAddress addressOf(HostPort listen) {
        return listen.host().equals("*")
                ? new InetSocketAddress(listen.port())
                : new InetSocketAddress(listen.host(), listen.port());
    }

    private static String cannotListen(HostPort listen, Throwable cause) {
        return "cannot listen on %s: %s; see who does with \"ss -ltnp sport = :%d\", or change restapi.listen"
                .formatted(listen, rootOf(cause), listen.port());
    }

    /** The words of the innermost cause: Netty and the JDK wrap what the kernel said. */
    private static String rootOf(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    /**
     * Takes over another configuration, and certificates that have changed, without ending a connection. Blocks for as
     * long as files and names take. What cannot be used is said in the log, and stays as it was.
     */
    public synchronized void use(RestConfig next) {
        authorizer = new Authorizer(next, members);
        banner = Banner.of(next.headers(), api.status().version());
        tls.use(next.tls());
        if (!next.listen().equals(address)) {
            move(next);
        }
        config = next;
    }

    /** Only one listener may have a port, also if one of the two addresses is all of them: first the old one goes. */
    private void move(RestConfig next) {
        stopListening();
        ChannelFuture bound = bind(addressOf(next.listen()));
        if (bound.isSuccess()) {
            log.info("listening on {}, no longer on {}", next.listen(), address);
            address = next.listen();
            return;
        }
        log.error("{}; going back to {}", cannotListen(next.listen(), bound.cause()), address);
        ChannelFuture again = bind(addressOf(address));
        if (!again.isSuccess()) {
            log.error("{}", cannotListen(address, again.cause()));
        }
    }

    void lookAgain() {
        tls.lookAgain();
        if (config.allowMembers()) {
            members.resolve(api.status().view());
        }
    }

    int port() {
        Channel channel = listener;
        return channel != null && channel.localAddress() instanceof InetSocketAddress address ? address.getPort() : 0;
    }

    private void stopListening() {
        Channel channel = listener;
        if (channel != null) {
            channel.close().awaitUninterruptibly(500);
        }
    }

    /** Stops listening at once and lets answers on their way finish for up to half a second. */
    @Override
    public void close() {
        lookout.close();
        stopListening();
        loop.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS).awaitUninterruptibly(1000);
    }
}
