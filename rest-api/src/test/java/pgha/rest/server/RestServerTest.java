package pgha.rest.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Role;
import pgha.rest.RestConfig;
import pgha.rest.RestConfig.VerifyClient;
import pgha.rest.Statuses;
import pgha.rest.client.HttpReply;
import pgha.rest.client.PeerReply;
import pgha.rest.client.RestClient;
import pgha.rest.client.TlsTrust;
import pgha.rest.tls.Identity;

@Timeout(30)
class RestServerTest {
    private final RestServer server = start(Rigs.config(Optional.empty()));

    private static RestServer start(RestConfig config) {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var start = RestServer.start(
                config,
                address,
                new Rigs.Obedient(Statuses.leader().build()),
                () -> Statuses.NOW,
                runnable -> new Thread(runnable, "rest"));
        return ((RestServer.Listening) start).server();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Sends bytes and reads until the server ends the connection. */
    private String exchange(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aLoadBalancersCheckGetsAStatusLineAndNothingElse() throws IOException {
        assertThat(exchange("OPTIONS /primary HTTP/1.0\r\n\r\n")).isEqualTo("HTTP/1.0 200 OK\r\n\r\n");
        assertThat(exchange("OPTIONS /replica HTTP/1.0\r\n\r\n")).isEqualTo("HTTP/1.0 503 Service Unavailable\r\n\r\n");
        assertThat(exchange("HEAD /read-only HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n"))
                .isEqualTo("HTTP/1.0 200 OK\r\n\r\n");
        assertThat(exchange("OPTIONS /patroni HTTP/1.0\r\n\r\n")).isEqualTo("HTTP/1.0 200 OK\r\n\r\n");
        assertThat(exchange("GET /liveness HTTP/1.0\r\n\r\n")).isEqualTo("HTTP/1.0 200 OK\r\n\r\n");
    }

    @Test
    void aGetEndsWithTheAnswer() throws IOException {
        assertThat(exchange("GET //leader HTTP/1.1\r\nHost: x\r\n\r\nGET /again HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.0 200 OK\r\n")
                .contains("Content-Type: application/json\r\n")
                .endsWith("\"name\":\"pg1\"},\"pgha\":{\"version\":\"0.1.0\"}}");
        assertThat(exchange("GET http://x/cluster?a=b HTTP/1.1\n\n")).endsWith("\"scope\":\"demo\"}");
        assertThat(exchange("GET /nothing-we-know HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 503 ");
    }

    @Test
    void aCommandIsPassedOnEvenIfTheClientHasClosedItsHalf() throws IOException {
        String body = "{\"leader\":\"pg1\",\"candidate\":\"pg2\"}";
        String request = "POST /switchover HTTP/1.0\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.0 200 OK\r\n")
                    .endsWith("\r\n\r\nfrom Optional[pg1] to Optional[pg2]");
        }
    }

    @Test
    void nonsenseIsRefusedAndTheServerGoesOn() throws IOException {
        assertThat(exchange("garbage \u0001\u00ff\r\n\r\n")).startsWith("HTTP/1.0 400 Bad Request\r\n");
        assertThat(exchange("GET /" + "x".repeat(9000) + " HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 414 ");
        assertThat(exchange("GET / HTTP/1.0\r\nA: " + "x".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.0 431 ");
        assertThat(exchange("POST /switchover HTTP/1.0\r\nContent-Length: 999999999\r\n\r\n{"))
                .startsWith("HTTP/1.0 413 ");
        assertThat(exchange("POST /switchover HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 411 Length Required\r\n");
        assertThat(exchange("BREW /coffee HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 501 Not Implemented\r\n");

        assertThat(exchange("OPTIONS / HTTP/1.0\r\n\r\n")).isEqualTo("HTTP/1.0 200 OK\r\n\r\n");
    }

    @Test
    void clientsThatSayNothingDoNotKeepOthersOut() throws IOException {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                silent.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
            }
            assertThat(exchange("OPTIONS / HTTP/1.0\r\n\r\n")).isEqualTo("HTTP/1.0 200 OK\r\n\r\n");
            // The eldest has been sent away.
            assertThat(silent.getFirst().getInputStream().read()).isEqualTo(-1);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void answersCarryTheHeadersThatAreWantedAndStatusLinesNone() throws IOException {
        assertThat(exchange("GET /patroni HTTP/1.0\r\n\r\n")).contains("\r\nServer: pgha-agent/0.1.0\r\n");
        var headers = new RestConfig.Headers(
                RestConfig.ServerTokens.PRODUCTONLY, new TreeMap<>(Map.of("X-Frame-Options", "SAMEORIGIN")));
        RestConfig plain = Rigs.config(Optional.empty());
        server.use(new RestConfig(
                plain.listen(), plain.listen(), Optional.empty(), Optional.empty(), List.of(), true, headers));

        assertThat(exchange("GET /patroni HTTP/1.0\r\n\r\n"))
                .contains("\r\nServer: Patroni\r\nX-Frame-Options: SAMEORIGIN\r\n");
        assertThat(exchange("PATCH /config HTTP/1.0\r\nContent-Length: 9\r\n\r\n{\"ttl\":9}"))
                .startsWith("HTTP/1.0 403 ")
                .contains("X-Frame-Options");
        assertThat(exchange("OPTIONS /primary HTTP/1.0\r\n\r\n")).isEqualTo("HTTP/1.0 200 OK\r\n\r\n");
    }

    @Test
    void aTakenPortIsOneSentence() {
        RestConfig config = Rigs.config(Optional.empty());
        var second = RestServer.start(
                config,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()),
                new Rigs.Obedient(Statuses.leader().build()),
                () -> Statuses.NOW,
                runnable -> new Thread(runnable, "rest"));

        assertThat(second)
                .isEqualTo(new RestServer.CannotListen("cannot listen on 127.0.0.1:8008: Address already in use;"
                        + " see who does with \"ss -ltnp sport = :8008\", or change restapi.listen"));
    }

    private static RestConfig tls(String certificate) {
        HostPort listen = new HostPort("127.0.0.1", 8008);
        var files = new RestConfig.Tls(
                new Identity(Path.of(certificate), Optional.empty(), Optional.empty()),
                Optional.empty(),
                VerifyClient.NONE,
                Optional.empty());
        return new RestConfig(
                listen, listen, Optional.empty(), Optional.of(files), List.of(), false, RestConfig.Headers.PLAIN);
    }

    private static HttpReply getBelieving(TlsTrust trust, int port) {
        return new RestClient(() -> Statuses.NOW, Optional.empty(), trust)
                .get("https://127.0.0.1:" + port + "/liveness", Duration.ofSeconds(10));
    }

    @Test
    void httpsIsServedAndBelievedByWhomItShould() {
        try (RestServer secure = start(tls("src/test/resources/tls/server.pem"))) {
            assertThat(getBelieving(TlsTrust.anybody(), secure.port())).isEqualTo(new HttpReply.Answered(200, ""));
            assertThat(getBelieving(TlsTrust.of(Path.of("src/test/resources/tls/authority.pem")), secure.port()))
                    .isEqualTo(new HttpReply.Answered(200, ""));
            assertThat(getBelieving(TlsTrust.ofRuntime(), secure.port()))
                    .isInstanceOfSatisfying(HttpReply.NoReply.class, none -> assertThat(none.sent())
                            .isFalse());
        }
    }

    @Test
    void aCertificateThatCannotBeReadIsOneSentence() {
        var start = RestServer.start(
                tls("/no/such.pem"),
                new Rigs.Obedient(Statuses.leader().build()),
                () -> Statuses.NOW,
                runnable -> new Thread(runnable, "rest"));

        assertThat(start)
                .isEqualTo(new RestServer.CannotListen("cannot serve HTTPS: cannot read /no/such.pem: no such file;"
                        + " check restapi.certfile, keyfile, cafile and ciphers"));
    }

    @Test
    void theClientUnderstandsTheServer() throws InterruptedException {
        RestClient client = new RestClient(() -> Statuses.NOW, Optional.empty(), TlsTrust.anybody());
        String url = "http://127.0.0.1:" + server.port() + "/patroni";
        BlockingQueue<PeerReply> replies = new LinkedBlockingQueue<>();

        client.canvass(Map.of(new MemberName("pg1"), url), Duration.ofSeconds(5), Runnable::run, replies::add);

        PeerReply.Said said = (PeerReply.Said) replies.take();
        assertThat(said.role()).isEqualTo(Role.PRIMARY);
        assertThat(said.position().orElseThrow()).hasToString("0/4000060");
        assertThat(said.timeline().orElseThrow()).hasToString("5");
        assertThat(client.peer(new MemberName("pg7"), url, Duration.ofSeconds(5)))
                .isEqualTo(new PeerReply.Silent(new MemberName("pg7"), "\"pg1\" answers at its address"));
        assertThat(client.post(url.replace("patroni", "failover"), "{\"candidate\":\"pg2\"}", Duration.ofSeconds(5)))
                .isEqualTo(new HttpReply.Answered(200, "from Optional.empty to Optional[pg2]"));
    }
}
