package pgha.rest.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;

@Timeout(30)
class RestClientTest {
    private static final MemberName PG2 = new MemberName("pg2");

    /** Stands still, so that only the socket's own timeout can end a wait. */
    private final RestClient client = new RestClient(() -> new Moment(0), Optional.empty(), TlsTrust.anybody());

    private static PeerReply ask(RestClient client, String answer) throws IOException, InterruptedException {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread peer = Thread.startVirtualThread(() -> {
                try (Socket socket = listener.accept()) {
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                    socket.getInputStream().read(new byte[4096]);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            PeerReply reply = client.peer(
                    PG2, "http://127.0.0.1:" + listener.getLocalPort() + "/patroni", Duration.ofSeconds(10));
            peer.join();
            return reply;
        }
    }

    private static PeerReply.Silent silent(String cause) {
        return new PeerReply.Silent(PG2, cause);
    }

    @Test
    void aDocumentOfAnOldPatroniIsUnderstood() throws Exception {
        PeerReply reply = ask(
                client,
                "HTTP/1.0 503 Service Unavailable\r\nServer: BaseHTTP/0.6\r\n\r\n"
                        + "{\"state\":\"running\",\"role\":\"master\",\"wal\":{\"location\":67108960},\"timeline\":5}");

        assertThat(reply).isInstanceOfSatisfying(PeerReply.Said.class, said -> {
            assertThat(said.role().word()).isEqualTo("primary");
            assertThat(said.position().orElseThrow()).hasToString("0/4000060");
            assertThat(said.answering()).isTrue();
        });
    }

    @Test
    void aPeerWhosePostgresDoesNotAnswerHasNoPosition() throws Exception {
        PeerReply reply = ask(client, "HTTP/1.0 200 OK\r\n\r\n{\"state\":\"starting\",\"role\":\"replica\"}");

        assertThat(reply).isInstanceOfSatisfying(PeerReply.Said.class, said -> {
            assertThat(said.answering()).isFalse();
            assertThat(said.position()).isEmpty();
        });
    }

    /** Patroni calls itself demoted once PostgreSQL has ended, and before it gives the leader key away. */
    @Test
    void aPatroniThatStepsDownMayWriteUntilItSaysDemoted() throws Exception {
        assertThat(said("{\"state\":\"running\",\"role\":\"master\",\"xlog\":{\"location\":67108960}}")
                        .mayWrite())
                .isTrue();
        assertThat(said("{\"state\":\"stopping\",\"role\":\"master\",\"dcs_last_seen\":1790000000}")
                        .mayWrite())
                .isTrue();
        assertThat(said("{\"state\":\"stopped\",\"role\":\"demoted\",\"dcs_last_seen\":1790000000}")
                        .mayWrite())
                .isFalse();
    }

    private PeerReply.Said said(String document) throws Exception {
        return (PeerReply.Said) ask(client, "HTTP/1.0 200 OK\r\n\r\n" + document);
    }

    @Test
    void strangeAnswersAreSilence() throws Exception {
        assertThat(ask(client, "SSH-2.0-OpenSSH_9.2p1\r\n")).isEqualTo(silent("the answer is not HTTP"));
        assertThat(ask(client, "HTTP/1.0 200 OK\r\n\r\n<html>")).isEqualTo(silent("the answer is not JSON"));
        assertThat(ask(client, "HTTP/1.0 200 OK\r\n\r\n[]")).isEqualTo(silent("the answer is not a status document"));
        assertThat(client.peer(PG2, "not a url", Duration.ofSeconds(1)))
                .isEqualTo(silent("\"not a url\" is not a URL"));
        assertThat(client.peer(PG2, "http:///x", Duration.ofSeconds(1)))
                .isEqualTo(silent("\"http:///x\" is not a URL of a host"));
    }

    @Test
    void aPeerThatAcceptsAndSaysNothingEndsAtTheTimeout() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + listener.getLocalPort() + "/patroni";

            assertThat(client.peer(PG2, url, Duration.ofMillis(50))).isEqualTo(silent("no answer in time"));
        }
    }

    @Test
    void aPeerThatTricklesEndsAtTheDeadlineToo() throws Exception {
        AtomicLong seconds = new AtomicLong();
        RestClient impatient = new RestClient(
                () -> new Moment(Duration.ofSeconds(seconds.getAndAdd(4)).toNanos()),
                Optional.empty(),
                TlsTrust.anybody());

        assertThat(ask(impatient, "HTTP/1.0 200 OK\r\n")).isEqualTo(silent("no answer in time"));
    }

    @Test
    void nobodyListeningIsSilenceAtOnce() throws IOException {
        int port;
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            port = listener.getLocalPort();
        }
        assertThat(client.peer(PG2, "http://127.0.0.1:" + port + "/patroni", Duration.ofSeconds(5)))
                .isEqualTo(silent("Connection refused"));
    }
}
