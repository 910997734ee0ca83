package pgha.dcs.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import pgha.dcs.model.HostPort;

/** Questions to a name server over a real socket. */
final class DnsTest {
    private static final String NAME = "_etcd-client._tcp.example.org";

    private final DnsServer server = new DnsServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theRecordsOfAName() throws IOException {
        server.publish(NAME, "0 5 2379 a.example.org", "10 0 4001 b.example.org", "0 0 1 .");

        assertThat(server.resolver().srv(NAME))
                .containsExactlyInAnyOrder(
                        new SrvRecord(0, 5, new HostPort("a.example.org", 2379)),
                        new SrvRecord(10, 0, new HostPort("b.example.org", 4001)));
        assertThat(server.asked()).containsExactly(NAME);
    }

    @Test
    void aNameThatIsNotThereAndOneWithoutRecords() throws IOException {
        assertThat(server.resolver().srv(NAME)).isEmpty();
        server.publish(NAME);
        assertThat(server.resolver().srv(NAME)).isEmpty();
    }

    @Test
    void aServerThatCannotTellIsNotOneWithoutRecords() {
        server.failFor(NAME);

        assertThatThrownBy(() -> server.resolver().srv(NAME))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(NAME + ": dns://127.0.0.1:")
                .hasMessageContaining("says DNS server failure");
    }

    @Test
    void aServerThatIsSilentIsNamed() throws IOException {
        try (DatagramSocket silent = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            Dns dns = Dns.at(new HostPort("127.0.0.1", silent.getLocalPort()));

            assertThatThrownBy(() -> dns.srv(NAME))
                    .isInstanceOf(IOException.class)
                    .hasMessage(NAME + ": no DNS server answers at dns://127.0.0.1:" + silent.getLocalPort());
        }
    }

    @Test
    void aServerThatIsNotThereIsNamed() {
        server.close();

        assertThatThrownBy(() -> server.resolver().srv(NAME))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(NAME + ": no DNS server answers at dns://127.0.0.1:");
    }
}
