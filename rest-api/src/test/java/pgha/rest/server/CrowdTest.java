package pgha.rest.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import pgha.dcs.model.HostPort;
import pgha.rest.RestConfig;
import pgha.rest.RestConfig.VerifyClient;
import pgha.rest.Statuses;
import pgha.rest.client.HttpReply;
import pgha.rest.client.RestClient;
import pgha.rest.client.TlsTrust;
import pgha.rest.tls.Identity;

/** Ten thousand strangers, or as many as this machine lets one process connect, and a load balancer among them. */
@Timeout(600)
class CrowdTest {
    private static final int CROWD = 10_000;
    private static final int SPARE_FILES = 1000;

    private final RestServer server = start();
    private final List<SocketChannel> crowd = new ArrayList<>();

    private static RestServer start() {
        HostPort listen = new HostPort("127.0.0.1", 8008);
        Identity identity =
                new Identity(Path.of("src/test/resources/tls/server.pem"), Optional.empty(), Optional.empty());
        RestConfig config = new RestConfig(
                listen,
                listen,
                Optional.empty(),
                Optional.of(new RestConfig.Tls(identity, Optional.empty(), VerifyClient.NONE, Optional.empty())),
                List.of(),
                false,
                RestConfig.Headers.PLAIN);
        var start = RestServer.start(
                config,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new Rigs.Obedient(Statuses.leader().build()),
                () -> Statuses.NOW,
                runnable -> new Thread(runnable, "rest"));
        return ((RestServer.Listening) start).server();
    }

    @AfterEach
    void disperse() throws IOException {
        for (SocketChannel channel : crowd) {
            channel.close();
        }
        server.close();
    }

    private static int size() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? (int) Math.min(CROWD, system.getMaxFileDescriptorCount() - SPARE_FILES)
                : SPARE_FILES;
    }

    private void gather(byte[] firstWords) throws IOException {
        for (int i = 0; i < size(); i++) {
            SocketChannel channel =
                    SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            crowd.add(channel);
            try {
                channel.write(ByteBuffer.wrap(firstWords));
            } catch (IOException e) {
                // It was sent away already, for one that came later.
                assertThat(e).isNotNull();
            }
        }
    }

    private HttpReply check() {
        return new RestClient(() -> Statuses.NOW, Optional.empty(), TlsTrust.anybody())
                .get("https://127.0.0.1:" + server.port() + "/liveness", Duration.ofSeconds(60));
    }

    /** What a client of TLS says first. */
    private static byte[] hello() throws GeneralSecurityException, IOException {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine("127.0.0.1", 443);
        engine.setUseClientMode(true);
        ByteBuffer words = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), words);
        words.flip();
        byte[] hello = new byte[words.remaining()];
        words.get(hello);
        return hello;
    }

    @Test
    void handshakesThatNeverEndDoNotKeepChecksOut() throws Exception {
        gather(hello());

        assertThat(check()).isEqualTo(new HttpReply.Answered(200, ""));
    }

    @Test
    void clientsThatSayNothingDoNotKeepChecksOut() throws Exception {
        gather(new byte[0]);

        assertThat(check()).isEqualTo(new HttpReply.Answered(200, ""));
    }

    @Test
    void garbageInPlaceOfAHandshakeChangesNothing() throws IOException {
        for (String words : List.of(
                "GET / HTTP/1.0\r\n\r\n",
                "\u0016\u0003\u0001\u00ff\u00ff" + "x".repeat(70_000),
                "\u0000".repeat(1000))) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                try {
                    socket.getOutputStream().write(words.getBytes(StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                    assertThat(e).as("it hung up in the middle").isNotNull();
                }
                assertThat(check()).isEqualTo(new HttpReply.Answered(200, ""));
            }
        }
    }
}
