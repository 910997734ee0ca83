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
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.File;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.Moment;
import pgha.rest.AgentApi;
import pgha.rest.RestConfig;

/**
 * Listens for HTTP and answers from what the agent publishes.
 *
 * <p>Thread-safe. One thread, from the factory, serves all connections.
 */
public final class RestServer implements AutoCloseable {
    /** What came of starting. */
    public sealed interface Start {}

    /** It listens. */
    public record Listening(RestServer server) implements Start {}

    /** It does not, and the sentence says why and what to do. */
    public record CannotListen(String sentence) implements Start {}

    private static final int SMALL_BUFFER = 2048;
    private static final HttpDecoderConfig LIMITS = new HttpDecoderConfig()
            .setMaxInitialLineLength(4096)
            .setMaxHeaderSize(8192)
            .setMaxChunkSize(8192)
            .setStrictLineParsing(false);

    private final MultiThreadIoEventLoopGroup loop;
    private final Admission admission = new Admission();
    private final Router router;
    private final @Nullable SslContext tls;
    private final AgentApi api;
    private volatile Authorizer authorizer;
    private volatile Banner banner;
    private volatile @Nullable Channel listener;

    private RestServer(
            RestConfig config, AgentApi api, Supplier<Moment> clock, ThreadFactory threads, Optional<SslContext> tls) {
        this.api = api;
        this.authorizer = new Authorizer(config);
        this.banner = Banner.of(config.headers(), api.status().version());
        this.router = new Router(
                new ReadEndpoints(api, clock),
                new CommandEndpoints(api, () -> authorizer),
                new NodeEndpoints(api, () -> authorizer));
        this.tls = tls.orElse(null);
        this.loop = new MultiThreadIoEventLoopGroup(1, threads, NioIoHandler.newFactory());
    }

    public static Start start(RestConfig config, AgentApi api, Supplier<Moment> clock, ThreadFactory threads) {
        return start(config, addressOf(config.listen()), api, clock, threads);
    }

    static Start start(
            RestConfig config, InetSocketAddress address, AgentApi api, Supplier<Moment> clock, ThreadFactory threads) {
        Optional<SslContext> tls;
        try {
            tls = config.tls().isPresent() ? Optional.of(tlsOf(config.tls().get())) : Optional.empty();
        } catch (SSLException | IllegalArgumentException e) {
            return new CannotListen("cannot serve HTTPS with %s: %s; check restapi.certfile, keyfile and cafile"
                    .formatted(config.tls().orElseThrow().certificate(), rootOf(e)));
        }
        RestServer server = new RestServer(config, api, clock, threads, tls);
        return server.bind(config, address);
    }

    private Start bind(RestConfig config, InetSocketAddress address) {
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 128)
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
        if (!bound.isSuccess()) {
            close();
            return new CannotListen(
                    "cannot listen on %s: %s; see who does with \"ss -ltnp sport = :%d\", or change restapi.listen"
                            .formatted(
                                    config.listen(),
                                    rootOf(bound.cause()),
                                    config.listen().port()));
        }
        listener = bound.channel();
        return new Listening(this);
    }

    private void furnish(SocketChannel channel) {
        if (tls != null) {
            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
        }
        channel.pipeline().addLast(new HttpRequestDecoder(LIMITS), new HttpBridge(router, admission, () -> banner));
    }

    private static InetSocketAddress addressOf(HostPort listen) {
        return listen.host().equals("*")
                ? new InetSocketAddress(listen.port())
                : new InetSocketAddress(listen.host(), listen.port());
    }

    private static SslContext tlsOf(RestConfig.Tls tls) throws SSLException {
        File certificate = readable(tls.certificate().toFile());
        File key = readable(tls.key().orElse(tls.certificate()).toFile());
        SslContextBuilder builder = SslContextBuilder.forServer(certificate, key)
                .clientAuth(
                        switch (tls.verifyClient()) {
                            case NONE -> ClientAuth.NONE;
                            case OPTIONAL -> ClientAuth.OPTIONAL;
                            case REQUIRED -> ClientAuth.REQUIRE;
                        });
        tls.ca().ifPresent(ca -> builder.trustManager(readable(ca.toFile())));
        return builder.build();
    }

    private static File readable(File file) {
        if (!Files.isReadable(file.toPath())) {
            throw new IllegalArgumentException("cannot read " + file);
        }
        return file;
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
     * Takes over who may use unsafe verbs, and which headers answers carry. The address, the certificate and the rest
     * of the configuration stay.
     */
    public void authorizeBy(RestConfig config) {
        authorizer = new Authorizer(config);
        banner = Banner.of(config.headers(), api.status().version());
    }

    int port() {
        Channel channel = listener;
        return channel != null && channel.localAddress() instanceof InetSocketAddress address ? address.getPort() : 0;
    }

    /** Stops listening at once and lets answers on their way finish for up to half a second. */
    @Override
    public void close() {
        Channel channel = listener;
        if (channel != null) {
            channel.close().awaitUninterruptibly(500);
        }
        loop.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS).awaitUninterruptibly(1000);
    }
}
