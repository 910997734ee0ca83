package pgha.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import pgha.dcs.DcsConfig.Srv;
import pgha.dcs.DcsConfig.Tls;
import pgha.dcs.dns.DnsServer;
import pgha.dcs.model.HostPort;

/** Under which names etcd is looked for, and what is made of the records. */
final class SrvSearchTest {
    private static final Tls TLS = new Tls(Optional.of(Path.of("/ca")), Optional.empty(), Optional.empty());

    private final DnsServer dns = new DnsServer();

    @AfterEach
    void stop() {
        dns.close();
    }

    private SrvSearch search(boolean tlsOnly, Optional<String> suffix) {
        return new SrvSearch(new Srv("example.org", suffix, TLS), tlsOnly, dns.resolver());
    }

    private List<Endpoint> found() throws IOException {
        return search(false, Optional.empty()).find();
    }

    private static Endpoint endpoint(String host, Optional<Tls> tls, int rank) {
        return new Endpoint(new HostPort(host, 2379), tls, rank);
    }

    @Test
    void theServiceWithTlsIsAskedForFirstAndIsEnough() throws IOException {
        dns.publish("_etcd-client-ssl._tcp.example.org", "10 0 2379 b.example.org", "0 0 2379 a.example.org");
        dns.publish("_etcd-client._tcp.example.org", "0 0 2379 c.example.org");

        assertThat(found())
                .containsExactly(
                        endpoint("a.example.org", Optional.of(TLS), 0),
                        endpoint("b.example.org", Optional.of(TLS), 10));
        assertThat(dns.asked()).containsExactly("_etcd-client-ssl._tcp.example.org");
    }

    @Test
    void withoutItTheOthersAreInTurn() throws IOException {
        dns.publish("_etcd._tcp.example.org", "0 0 2379 c.example.org");

        assertThat(found()).containsExactly(endpoint("c.example.org", Optional.empty(), 0));
        assertThat(dns.asked())
                .containsExactly(
                        "_etcd-client-ssl._tcp.example.org",
                        "_etcd-client._tcp.example.org",
                        "_etcd-ssl._tcp.example.org",
                        "_etcd._tcp.example.org");
    }

    @Test
    void aSuffixIsPartOfTheService() throws IOException {
        dns.publish("_etcd-client-east._tcp.example.org", "0 0 2379 c.example.org");

        assertThat(search(false, Optional.of("east")).find())
                .containsExactly(endpoint("c.example.org", Optional.empty(), 0));
        assertThat(dns.asked())
                .containsExactly("_etcd-client-ssl-east._tcp.example.org", "_etcd-client-east._tcp.example.org");
    }

    @Test
    void whoDemandsTlsIsNotSentElsewhere() {
        dns.publish("_etcd-client._tcp.example.org", "0 0 2379 c.example.org");

        assertThatThrownBy(() -> search(true, Optional.empty()).find())
                .hasMessage("DNS names no etcd, there is no SRV record of any of _etcd-client-ssl._tcp.example.org, "
                        + "_etcd-ssl._tcp.example.org, _etcd-server-ssl._tcp.example.org; publish one, correct "
                        + "etcd3.srv, or list etcd's members under etcd3.hosts");
    }

    @Test
    void whereDnsDoesNotAnswerTheNextNameIsNotAsked() {
        dns.failFor("_etcd-client-ssl._tcp.example.org");
        dns.publish("_etcd-client._tcp.example.org", "0 0 2379 c.example.org");

        assertThatThrownBy(this::found)
                .hasMessageMatching("cannot look up where etcd is: _etcd-client-ssl\\._tcp\\.example\\.org: "
                        + "dns://127\\.0\\.0\\.1:\\d+ says DNS server failure.*"
                        + "; see to DNS, or list etcd's members under etcd3\\.hosts");
        assertThat(dns.asked()).containsOnly("_etcd-client-ssl._tcp.example.org");
    }

    @Test
    void aMemberIsAskedWhereAllServeClients() throws IOException {
        HttpServer peer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        byte[] list = """
                [{"id":1,"peerURLs":["http://10.0.0.1:2380"],"name":"a",
                  "clientURLs":["http://10.0.0.1:4001","https://10.0.0.1:4002","http://[fd00::1]"]},
                 {"id":2,"peerURLs":["http://10.0.0.2:2380"],"name":"b","clientURLs":["http://b.example.org:2379/"]}]
                """.getBytes(StandardCharsets.UTF_8);
        peer.createContext("/members", exchange -> {
            exchange.sendResponseHeaders(200, list.length);
            exchange.getResponseBody().write(list);
            exchange.close();
        });
        peer.start();
        try {
            dns.publish(
                    "_etcd-server._tcp.example.org",
                    "0 0 1 127.0.0.1",
                    "1 0 " + peer.getAddress().getPort() + " 127.0.0.1");

            assertThat(found()).hasToString("[10.0.0.1:4001, [fd00::1]:2379, b.example.org:2379]");
        } finally {
            peer.stop(0);
        }
    }

    @Test
    void membersThatTellNothingAreNamed() {
        dns.publish("_etcd-server._tcp.example.org", "0 0 1 127.0.0.1");

        assertThatThrownBy(this::found)
                .hasMessageStartingWith("cannot look up where etcd is: _etcd-server._tcp.example.org: "
                        + "127.0.0.1:1 does not list etcd's members: Connection refused");
    }
}
