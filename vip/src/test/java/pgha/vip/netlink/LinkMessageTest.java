package pgha.vip.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import pgha.vip.linux.LinkIndex;
import pgha.vip.linux.MacAddress;

class LinkMessageTest {
    @Test
    void readsAnEthernetLink() {
        Link link = decode("""
                32000000 1000 0200 07000000 f8610000
                00 00 0100 03000000 43100100 00000000
                0700 0300 763000 00
                0a00 0100 02005e00000a""");

        assertThat(link)
                .isEqualTo(
                        new Link(new LinkIndex(3), "v0", 0x11043, Optional.of(MacAddress.parse("02:00:5e:00:00:0a"))));
        assertThat(link.isUp()).isTrue();
        assertThat(link.isLoopback()).isFalse();
    }

    @Test
    void aLoopbackHasNoEthernetAddressToAnnounce() {
        Link link = decode("""
                34000000 1000 0200 07000000 f8610000
                00 00 0403 01000000 08000000 00000000
                0700 0300 6c6f00 00
                0a00 0100 000000000000 0000""");

        assertThat(link).isEqualTo(new Link(new LinkIndex(1), "lo", 8, Optional.empty()));
        assertThat(link.isUp()).isFalse();
        assertThat(link.isLoopback()).isTrue();
    }

    @Test
    void asksForAllLinks() {
        assertThat(Hex.of(LinkMessage.list().encode(new Sequence(1)))).isEqualTo(Hex.compact("""
                20000000 1200 0103 01000000 00000000
                00000000 00000000 00000000 00000000"""));
    }

    @Test
    void letsTheSecondaryAddressesOfOneLinkStay() {
        assertThat(Hex.of(LinkMessage.promoteSecondaries(new LinkIndex(3)).encode(new Sequence(1))))
                .isEqualTo(Hex.compact("""
                34000000 1300 0500 01000000 00000000
                00000000 03000000 00000000 00000000
                1400 1a00 1000 0200 0c00 0100 0800 1400 01000000"""));
    }

    private static Link decode(String hex) {
        return LinkMessage.decode(Hex.message(hex)).orElseThrow();
    }
}
