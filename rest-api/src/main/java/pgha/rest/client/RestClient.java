package pgha.rest.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.rest.RestConfig.BasicAuth;

/** Asks agents over HTTP: peers for a canvass, members for {@code agentctl}. Thread-safe. */
public final class RestClient {
    private final Supplier<Moment> clock;
    private final Optional<BasicAuth> auth;
    private final Optional<SSLSocketFactory> tls;

    /**
     * @param auth sent with every request
     * @param tls how servers are verified; without it anybody is believed to be who he says
     */
    public RestClient(Supplier<Moment> clock, Optional<BasicAuth> auth, Optional<SSLSocketFactory> tls) {
        this.clock = clock;
        this.auth = auth;
        this.tls = tls;
    }

    /**
     * Asks several peers at once.
     *
     * @param urls each peer's {@code api_url}
     * @param executor runs one blocking request for each peer: best a virtual thread each
     * @param listener hears of every peer exactly once, as its answer comes or at the timeout, on the executor's threads
     */
    public void canvass(
            Map<MemberName, String> urls, Duration timeout, Executor executor, Consumer<PeerReply> listener) {
        urls.forEach((name, url) -> executor.execute(() -> listener.accept(peer(name, url, timeout))));
    }

    /** Asks one peer what it is. Blocks. */
    public PeerReply peer(MemberName name, String url, Duration timeout) {
        return PeerReader.read(name, get(url, timeout));
    }

    public HttpReply get(String url, Duration timeout) {
        return send("GET", url, Optional.empty(), timeout);
    }

    /** Orders something; {@code body} is JSON. Blocks. */
    public HttpReply post(String url, String body, Duration timeout) {
        return send("POST", url, Optional.of(body), timeout);
    }

    private HttpReply send(String method, String url, Optional<String> body, Duration timeout) {
        Moment deadline = clock.get().plus(timeout);
        try {
            URI uri = new URI(url);
            if (uri.getHost() == null) {
                return new HttpReply.NoReply("\"" + url + "\" is not a URL of a host");
            }
            return new HttpExchange(uri, tls.orElseGet(TrustAnybody::factory), clock, deadline)
                    .run(method, authorization(), body);
        } catch (URISyntaxException e) {
            return new HttpReply.NoReply("\"" + url + "\" is not a URL");
        }
    }

    private String authorization() {
        return auth.map(a -> a.user() + ":" + a.password())
                .map(a -> Base64.getEncoder().encodeToString(a.getBytes(StandardCharsets.UTF_8)))
                .map(a -> "Authorization: Basic " + a + "\r\n")
                .orElse("");
    }

    /** Made at the first HTTPS request, since most clusters never need it. */
    private static final class TrustAnybody implements X509TrustManager {
        private static final SSLSocketFactory FACTORY = make();

        static SSLSocketFactory factory() {
            return FACTORY;
        }

        private static SSLSocketFactory make() {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {new TrustAnybody()}, null);
                return context.getSocketFactory();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("a Java runtime without TLS", e);
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate @Nullable [] chain, @Nullable String type) {}

        @Override
        public void checkServerTrusted(X509Certificate @Nullable [] chain, @Nullable String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
