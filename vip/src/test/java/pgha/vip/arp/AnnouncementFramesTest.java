package pgha.vip.arp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import pgha.vip.linux.MacAddress;

/** The fields as Wireshark shows them, one line each. */
class AnnouncementFramesTest {
    private static final MacAddress MAC = MacAddress.parse("02:00:5e:00:00:0a");

    @Test
    void anArpRequestForItself() throws Exception {
        Inet4Address address = (Inet4Address) InetAddress.getByName("10.0.0.9");

        assertThat(hex(GratuitousArp.request(address, MAC))).isEqualTo(compact("""
                ffffffffffff 02005e00000a 0806
                0001 0800 06 04 0001
                02005e00000a 0a000009
                000000000000 0a000009"""));
    }

    @Test
    void anArpReplyThatNobodyAskedForNamesItsSenderAsTarget() throws Exception {
        Inet4Address address = (Inet4Address) InetAddress.getByName("10.0.0.9");

        assertThat(hex(GratuitousArp.reply(address, MAC))).isEqualTo(compact("""
                ffffffffffff 02005e00000a 0806
                0001 0800 06 04 0002
                02005e00000a 0a000009
                02005e00000a 0a000009"""));
    }

    @Test
    void aNeighbourAdvertisementToAllNodesThatOverrides() throws Exception {
        Inet6Address address = (Inet6Address) InetAddress.getByName("fd00::9");

        assertThat(hex(NeighbourAdvertisement.frame(address, MAC))).isEqualTo(compact("""
                333300000001 02005e00000a 86dd
                60000000 0020 3a ff
                fd000000000000000000000000000009
                ff020000000000000000000000000001
                88 00 fc81 20000000
                fd000000000000000000000000000009
                02 01 02005e00000a"""));
    }

    private static String hex(byte[] frame) {
        return HexFormat.of().formatHex(frame);
    }

    private static String compact(String hex) {
        return hex.replaceAll("\\s", "");
    }
}
