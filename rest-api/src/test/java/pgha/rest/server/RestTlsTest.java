package pgha.rest.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.pem.TrustsAnybody;
import pgha.rest.RestConfig;
import pgha.rest.RestConfig.VerifyClient;
import pgha.rest.Statuses;
import pgha.rest.client.HttpReply;
import pgha.rest.client.RestClient;
import pgha.rest.client.TlsTrust;
import pgha.rest.tls.Identity;

/** HTTPS as served, and as asked for. The certificates were made by openssl and last for a hundred years. */
@Timeout(60)
class RestTlsTest {
    private static final Path FILES = Path.of("src/test/resources/tls");
    private static final Identity CLIENT =
            new Identity(FILES.resolve("client.pem"), Optional.empty(), Optional.of("client-word"));
    private static final Identity STRANGER =
            new Identity(FILES.resolve("stranger.pem"), Optional.empty(), Optional.empty());
    private static final Identity SERVER =
            new Identity(FILES.resolve("server.pem"), Optional.empty(), Optional.empty());

    private Optional<RestServer> running = Optional.empty();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        running.ifPresent(RestServer::close);
    }

    private static RestConfig.Tls tls(Identity identity, VerifyClient verify) {
        return new RestConfig.Tls(
                identity, Optional.of(FILES.resolve("client-authority.pem")), verify, Optional.empty());
    }

    private static RestConfig config(RestConfig.Tls tls) {
        HostPort listen = new HostPort("127.0.0.1", 8008);
        return new RestConfig(
                listen, listen, Optional.empty(), Optional.of(tls), List.of(), false, RestConfig.Headers.PLAIN);
    }

    private RestServer.Start tryToStart(RestConfig.Tls tls) {
        return RestServer.start(
                config(tls),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new Rigs.Obedient(Statuses.leader().build()),
                () -> Statuses.NOW,
                runnable -> new Thread(runnable, "rest"));
    }

    private RestServer start(RestConfig.Tls tls) {
        RestServer server = ((RestServer.Listening) tryToStart(tls)).server();
        running = Optional.of(server);
        return server;
    }

    private static RestClient client(Optional<Identity> identity) {
        return new RestClient(
                () -> Statuses.NOW, Optional.empty(), TlsTrust.anybody().showing(identity));
    }

    private static int get(RestServer server, Optional<Identity> identity) {
        return code(client(identity).get("https://127.0.0.1:" + server.port() + "/primary", Duration.ofSeconds(20)));
    }

    private static int reload(RestServer server, Optional<Identity> identity) {
        return code(
                client(identity).post("https://127.0.0.1:" + server.port() + "/reload", "{}", Duration.ofSeconds(20)));
    }

    /** Zero for no answer at all. */
    private static int code(HttpReply reply) {
        return reply instanceof HttpReply.Answered answered ? answered.code() : 0;
    }

    @Test
    void withoutVerificationNobodyIsAskedForACertificate() {
        RestServer server = start(tls(SERVER, VerifyClient.NONE));

        assertThat(get(server, Optional.empty())).isEqualTo(200);
        assertThat(reload(server, Optional.empty())).isEqualTo(202);
    }

    @Test
    void anOptionalCertificateGuardsWhatChangesSomething() {
        RestServer server = start(tls(SERVER, VerifyClient.OPTIONAL));

        assertThat(get(server, Optional.empty())).isEqualTo(200);
        assertThat(reload(server, Optional.empty())).isEqualTo(403);
        assertThat(reload(server, Optional.of(CLIENT))).isEqualTo(202);
        // It is for an authority that the server does not name, so that the client does not even show it.
        assertThat(reload(server, Optional.of(STRANGER))).isEqualTo(403);
    }

    @Test
    void aRequiredCertificateGuardsEverything() {
        RestServer server = start(tls(SERVER, VerifyClient.REQUIRED));

        assertThat(get(server, Optional.empty())).isZero();
        assertThat(get(server, Optional.of(STRANGER))).isZero();
        assertThat(get(server, Optional.of(CLIENT))).isEqualTo(200);
        assertThat(reload(server, Optional.of(CLIENT))).isEqualTo(202);
    }

    @Test
    void keysOfEveryFormServe() throws Exception {
        Optional<String> word = Optional.of("server-word");
        for (String key : List.of("rsa-pkcs1.key", "rsa-pkcs8.key")) {
            Identity identity = new Identity(FILES.resolve("rsa.pem"), Optional.of(FILES.resolve(key)), word);
            try (RestServer server = start(tls(identity, VerifyClient.NONE))) {
                assertThat(shownBy(server)).as(key).isEqualTo("CN=first");
            }
        }
    }

    @Test
    void whatCannotBeServedIsOneSentence() {
        Path key = FILES.resolve("rsa-pkcs8.key");
        assertThat(sentence(new Identity(FILES.resolve("rsa.pem"), Optional.of(key), Optional.of("barley"))))
                .isEqualTo("cannot serve HTTPS: cannot use the key in " + key + ": the password does not open it;"
                        + " check restapi.certfile, keyfile, cafile and ciphers");
        assertThat(sentence(new Identity(FILES.resolve("rsa.pem"), Optional.of(key), Optional.empty())))
                .contains("it is encrypted, and no password is given");
        assertThat(sentence(new Identity(
                        FILES.resolve("rsa.pem"), Optional.of(FILES.resolve("second.key")), Optional.empty())))
                .contains("second.key is not that of the certificate in");
        assertThat(sentence(new Identity(FILES.resolve("second.key"), Optional.empty(), Optional.empty())))
                .contains("there is no certificate in");
    }

    private String sentence(Identity identity) {
        return ((RestServer.CannotListen) tryToStart(tls(identity, VerifyClient.NONE))).sentence();
    }

    @Test
    void ciphersAreThoseOfTheList() throws Exception {
        RestConfig.Tls plain = tls(SERVER, VerifyClient.NONE);
        RestServer server = start(new RestConfig.Tls(
                plain.identity(),
                plain.ca(),
                plain.verifyClient(),
                Optional.of("ECDHE-ECDSA-AES128-GCM-SHA256:!aNULL:@STRENGTH")));

        try (SSLSocket socket = connect(server)) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.startHandshake();
            assertThat(socket.getSession().getCipherSuite()).isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
        }
        try (SSLSocket socket = connect(server)) {
            socket.startHandshake();
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
        }
    }

    private void install(String certificate, String key) throws IOException {
        Files.copy(FILES.resolve(certificate), directory.resolve("certificate"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(FILES.resolve(key), directory.resolve("key"), StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void aNewCertificateIsServedAndOldConnectionsGoOn() throws Exception {
        install("rsa.pem", "rsa-pkcs8.key");
        Identity files = new Identity(
                directory.resolve("certificate"), Optional.of(directory.resolve("key")), Optional.of("server-word"));
        RestServer server = start(tls(files, VerifyClient.NONE));
        try (SSLSocket old = connect(server)) {
            old.startHandshake();
            assertThat(shownBy(server)).isEqualTo("CN=first");

            // Only half of it is there yet.
            Files.copy(
                    FILES.resolve("second.pem"), directory.resolve("certificate"), StandardCopyOption.REPLACE_EXISTING);
            server.lookAgain();
            assertThat(shownBy(server)).isEqualTo("CN=first");

            install("second.pem", "second.key");
            server.lookAgain();
            assertThat(shownBy(server)).isEqualTo("CN=second");

            old.getOutputStream().write("OPTIONS /primary HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(old.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.0 200 OK\r\n\r\n");
        }
    }

    @Test
    void anotherConfigurationIsTakenOverOrRefusedWhole() throws Exception {
        RestServer server = start(tls(SERVER, VerifyClient.NONE));
        Identity second =
                new Identity(FILES.resolve("second.pem"), Optional.of(FILES.resolve("second.key")), Optional.empty());

        server.use(config(tls(second, VerifyClient.OPTIONAL)));
        assertThat(shownBy(server)).isEqualTo("CN=second");
        assertThat(reload(server, Optional.empty())).isEqualTo(403);

        server.use(config(
                tls(new Identity(Path.of("/no/such"), Optional.empty(), Optional.empty()), VerifyClient.OPTIONAL)));
        assertThat(shownBy(server)).isEqualTo("CN=second");
    }

    @Test
    void whoSpeaksNoTlsIsSentAway() throws IOException {
        RestServer server = start(tls(SERVER, VerifyClient.NONE));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write("GET /primary HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .doesNotContain("HTTP/1.0");
        }
        assertThat(get(server, Optional.empty())).isEqualTo(200);
    }

    /** A connection that believes everybody, so that the certificate can be looked at. */
    private static SSLSocket connect(RestServer server) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustsAnybody()}, null);
        return (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port());
    }

    private static String shownBy(RestServer server) throws IOException, GeneralSecurityException {
        try (SSLSocket socket = connect(server)) {
            socket.startHandshake();
            X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return certificate.getSubjectX500Principal().getName();
        }
    }
}
