package pgha.rest.server;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns one connection into one request and one answer; the only class that touches a pipeline.
 *
 * <p>Confined to the event loop; one for each connection. The answer is HTTP/1.0 and ends the connection. A request must
 * be complete within ten seconds, whatever trickles in; how long the agent's answer may take depends on the order.
 */
// How writing and closing ended is told by channelInactive and exceptionCaught, not by their futures.
@SuppressWarnings("FutureReturnValueIgnored")
final class HttpBridge extends SimpleChannelInboundHandler<HttpObject> {
    static final int LONGEST_BODY = 64 * 1024;

    private static final long REQUEST_SECONDS = 10;
    private static final long LINGER_MILLIS = 500;
    private static final Logger log = LoggerFactory.getLogger(HttpBridge.class);

    private final Router router;
    private final Function<Request, Patience> patience;
    private final Admission admission;
    private final Supplier<Banner> banner;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private @Nullable HttpRequest head;
    private @Nullable ScheduledFuture<?> alarm;
    private boolean complete;
    private boolean answered;

    HttpBridge(Router router, Function<Request, Patience> patience, Admission admission, Supplier<Banner> banner) {
        this.router = router;
        this.patience = patience;
        this.admission = admission;
        this.banner = banner;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        admission.arrived(ctx.channel());
        alarm = ctx.executor().schedule(() -> ctx.close(), REQUEST_SECONDS, TimeUnit.SECONDS);
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        admission.settled(ctx.channel());
        cancelAlarm();
        ctx.fireChannelInactive();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
        if (complete || answered) {
            return;
        }
        if (part.decoderResult().isFailure()) {
            refuse(ctx, codeFor(part.decoderResult().cause()));
            return;
        }
        if (part instanceof HttpRequest request) {
            begin(ctx, request);
        }
        if (part instanceof HttpContent content && !answered) {
            append(ctx, content);
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest request) {
        head = request;
        if (HttpUtil.getContentLength(request, 0L) > LONGEST_BODY) {
            refuse(ctx, 413);
        } else if (HttpUtil.is100ContinueExpected(request)) {
            ctx.writeAndFlush(ByteBufUtil.writeAscii(ctx.alloc(), "HTTP/1.1 100 Continue\r\n\r\n"));
        }
    }

    private void append(ChannelHandlerContext ctx, HttpContent content) {
        byte[] bytes = ByteBufUtil.getBytes(content.content());
        if (body.size() + bytes.length > LONGEST_BODY) {
            refuse(ctx, 413);
            return;
        }
        body.writeBytes(bytes);
        if (content instanceof LastHttpContent && head != null) {
            dispatch(ctx, head);
        }
    }

    private void dispatch(ChannelHandlerContext ctx, HttpRequest request) {
        complete = true;
        admission.settled(ctx.channel());
        cancelAlarm();
        Request asked = asRequest(ctx, request);
        Patience toWait = patience.apply(asked);
        alarm = ctx.executor()
                .schedule(() -> answer(ctx, toWait.atEnd()), toWait.limit().toSeconds(), TimeUnit.SECONDS);
        log.debug("{} {} {}", asked.client().getHostAddress(), asked.method(), request.uri());
        router.answer(asked).whenComplete((response, bug) -> ctx.executor().execute(() -> {
            if (bug == null) {
                answer(ctx, response);
            } else {
                exceptionCaught(ctx, bug);
            }
        }));
    }

    private Request asRequest(ChannelHandlerContext ctx, HttpRequest request) {
        String target = request.uri();
        return new Request(
                request.method().name(),
                Request.pathOf(target),
                Request.queryOf(target),
                Optional.ofNullable(request.headers().get(HttpHeaderNames.AUTHORIZATION)),
                request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                        ? Optional.of(body.toString(StandardCharsets.UTF_8))
                        : Optional.empty(),
                ctx.channel().remoteAddress() instanceof InetSocketAddress address
                        ? address.getAddress()
                        : InetAddress.getLoopbackAddress(),
                showedCertificate(ctx));
    }

    private static boolean showedCertificate(ChannelHandlerContext ctx) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        try {
            return tls != null && tls.engine().getSession().getPeerCertificates().length > 0;
        } catch (SSLPeerUnverifiedException e) {
            return false;
        }
    }

    private static int codeFor(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return 414;
        }
        return cause instanceof TooLongHttpHeaderException ? 431 : 400;
    }

    /** Answers before the request is read to its end. */
    private void refuse(ChannelHandlerContext ctx, int code) {
        answer(ctx, Response.text(code, HttpResponseStatus.valueOf(code).reasonPhrase()));
    }

    private void answer(ChannelHandlerContext ctx, Response response) {
        if (answered) {
            return;
        }
        answered = true;
        admission.settled(ctx.channel());
        cancelAlarm();
        var written = ctx.writeAndFlush(ByteBufUtil.writeUtf8(ctx.alloc(), encode(response, banner.get())));
        if (complete) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
        // Closing with unread bytes resets the connection, and the client might never read why it was refused.
        // And a client that does not read must not keep its connection for ever.
        long patienceMillis = complete ? TimeUnit.SECONDS.toMillis(REQUEST_SECONDS) : LINGER_MILLIS;
        alarm = ctx.executor().schedule(() -> ctx.close(), patienceMillis, TimeUnit.MILLISECONDS);
    }

    static String encode(Response response, Banner banner) {
        StringBuilder text = new StringBuilder(256);
        text.append(HttpVersion.HTTP_1_0).append(' ').append(HttpResponseStatus.valueOf(response.code()));
        text.append("\r\n");
        if (!response.bare()) {
            int length = response.body().getBytes(StandardCharsets.UTF_8).length;
            text.append(banner.lines());
            text.append("Content-Type: ").append(response.contentType()).append("\r\n");
            text.append("Content-Length: ").append(length).append("\r\n");
            response.headers()
                    .forEach((name, value) ->
                            text.append(name).append(": ").append(value).append("\r\n"));
        }
        return text.append("\r\n").append(response.body()).toString();
    }

    private void cancelAlarm() {
        if (alarm != null) {
            alarm.cancel(false);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        // A client may close its half after a whole request and still wait for the answer.
        if (event instanceof ChannelInputShutdownEvent && (!complete || answered)) {
            ctx.close();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || !complete) {
            // The client went away or speaks no HTTP: its business.
            log.debug("connection from {} ended: {}", ctx.channel().remoteAddress(), cause.toString());
            ctx.close();
            return;
        }
        log.error("cannot answer a request: a bug", cause);
        answer(ctx, Response.text(500, "Internal Server Error"));
    }
}
