package pgha.rest.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.rest.RestConfig.BasicAuth;

/** Asks agents over HTTP: peers for a canvass, members for {@code agentctl}. Thread-safe. */
public final class RestClient {
    private final Supplier<Moment> clock;
    private final Optional<BasicAuth> auth;
    private final TlsTrust tls;

    /**
     * @param auth sent with every request
     */
    public RestClient(Supplier<Moment> clock, Optional<BasicAuth> auth, TlsTrust tls) {
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

    /** Orders a change; {@code body} is JSON. Blocks. */
    public HttpReply patch(String url, String body, Duration timeout) {
        return send("PATCH", url, Optional.of(body), timeout);
    }

    /** Orders that something is taken away. Blocks. */
    public HttpReply delete(String url, Duration timeout) {
        return send("DELETE", url, Optional.empty(), timeout);
    }

    private HttpReply send(String method, String url, Optional<String> body, Duration timeout) {
        Moment deadline = clock.get().plus(timeout);
        try {
            URI uri = new URI(url);
            if (uri.getHost() == null) {
                return HttpReply.NoReply.unsent("\"" + url + "\" is not a URL of a host");
            }
            return new HttpExchange(uri, tls, clock, deadline).run(method, authorization(), body);
        } catch (URISyntaxException e) {
            return HttpReply.NoReply.unsent("\"" + url + "\" is not a URL");
        }
    }

    private String authorization() {
        return auth.map(a -> a.user() + ":" + a.password())
                .map(a -> Base64.getEncoder().encodeToString(a.getBytes(StandardCharsets.UTF_8)))
                .map(a -> "Authorization: Basic " + a + "\r\n")
                .orElse("");
    }
}
