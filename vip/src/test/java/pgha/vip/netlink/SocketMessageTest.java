package pgha.vip.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import pgha.vip.netlink.SocketMessage.TcpSocket;

class SocketMessageTest {
    private static final Sequence FIRST = new Sequence(1);
    private static final String NOBODY = "00000000 00000000 00000000 00000000 00000000 00000000 "
            + "00000000 00000000 00000000 00000000 00000000 00000000 ";

    @Test
    void asksForTheConnectionsOfAnIpv4AddressInBothFamilies() throws Exception {
        List<NetlinkMessage> requests = SocketMessage.list(InetAddress.getByName("10.0.0.9"));

        assertThat(requests)
                .extracting(request -> Hex.of(request.encode(FIRST)))
                .containsExactly(
                        Hex.compact("5c000000 1400 0103 01000000 00000000 02 06 0000 3f0b0000" + NOBODY
                                + "1400 0100 07 10 1400 02 20 0000 ffffffff 0a000009"),
                        Hex.compact("5c000000 1400 0103 01000000 00000000 0a 06 0000 3f0b0000" + NOBODY
                                + "1400 0100 07 10 1400 02 20 0000 ffffffff 0a000009"));
    }

    @Test
    void asksForTheConnectionsOfAnIpv6Address() throws Exception {
        List<NetlinkMessage> requests = SocketMessage.list(InetAddress.getByName("fd00::9"));

        assertThat(requests)
                .extracting(request -> Hex.of(request.encode(FIRST)))
                .containsExactly(Hex.compact("68000000 1400 0103 01000000 00000000 0a 06 0000 3f0b0000" + NOBODY
                        + "2000 0100 07 1c 2000 0a 80 0000 ffffffff fd000000 00000000 00000000 00000009"));
    }

    @Test
    void destroysExactlyTheSocketThatWasListed() {
        String identity = "1538 d431 0a000009 00000000 00000000 00000000 0a000002 00000000 00000000 00000000 "
                + "00000000 11223344 00000000";
        TcpSocket socket = SocketMessage.decode(Hex.message("58000000 1400 0200 01000000 00000000 02 01 00 00"
                        + identity + "00000000 00000000 00000000 e8030000 39300000"))
                .orElseThrow();

        assertThat(Hex.of(SocketMessage.destroy(socket).encode(FIRST)))
                .isEqualTo(Hex.compact("48000000 1500 0500 01000000 00000000 02 06 0000 ffffffff" + identity));
    }
}
