package pgha.it.vip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pgha.lab.LabHost;
import pgha.vip.AddressLifetime;
import pgha.vip.LinuxVip;
import pgha.vip.Vip;
import pgha.vip.VipReply.Done;

/** What the clients of an address notice when its connections are reset by force. */
final class ResetConnectionsIT {
    private static final AddressLifetime LONG = new AddressLifetime(100);
    private static final int READ_TIMEOUT_MILLIS = (int) Duration.ofSeconds(20).toMillis();

    private static VipLab lab;
    private static LabHost host;
    private LinuxVip binder;

    @BeforeAll
    static void make() {
        lab = VipLab.create("vipresetit");
        host = lab.one();
    }

    @AfterAll
    static void remove() {
        lab.close();
    }

    @BeforeEach
    void open() {
        lab.reset();
        binder = VipLab.open(host);
    }

    @AfterEach
    void close() {
        binder.close();
    }

    /** The second row: an IPv6 socket that listens for both families has the IPv4 address as a mapped one. */
    @ParameterizedTest
    @CsvSource({"10.77.0.100/24, INET", "10.77.0.100/24, INET6", "fd77::100/64, INET6"})
    void aClientThatWaitsForAnAnswerIsToldAtOnce(String text, StandardProtocolFamily family) throws Exception {
        Vip vip = Vip.parse(text);
        binder.bind(vip, LONG, VipLab::always);
        try (ServerSocketChannel server = listen(family);
                Socket client = connect(vip.address().getHostAddress(), server);
                SocketChannel served = server.accept()) {
            assertThat(binder.resetConnections(vip)).isEqualTo(new Done<>(1));
            binder.unbind(vip);

            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessage("Connection reset");
            assertThatThrownBy(() -> served.read(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
            assertThat(binder.resetConnections(vip)).isEqualTo(new Done<>(0));
        }
    }

    @Test
    void otherConnectionsAndTheListenerStay() throws Exception {
        Vip vip = Vip.parse("10.77.0.100/24");
        binder.bind(vip, LONG, VipLab::always);
        try (ServerSocketChannel server = listen(StandardProtocolFamily.INET);
                Socket direct = connect(host.address(), server);
                SocketChannel served = server.accept()) {
            assertThat(binder.resetConnections(vip)).isEqualTo(new Done<>(0));

            served.write(ByteBuffer.wrap(new byte[] {42}));
            assertThat(direct.getInputStream().read()).isEqualTo(42);
            connect("10.77.0.100", server).close();
        }
    }

    private static ServerSocketChannel listen(ProtocolFamily family) {
        return VipLab.on(host, () -> ServerSocketChannel.open(family).bind(new InetSocketAddress(0)));
    }

    private static Socket connect(String address, ServerSocketChannel server) throws IOException {
        int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
        Socket socket = VipLab.on(lab.client(), () -> new Socket(address, port));
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        return socket;
    }
}
