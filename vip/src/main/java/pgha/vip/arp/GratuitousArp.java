package pgha.vip.arp;

import java.net.Inet4Address;
import java.nio.ByteBuffer;
import pgha.vip.linux.MacAddress;

/**
 * Encodes the 42-byte frames that tell a network who has an IPv4 address now. Pure.
 *
 * <p>Both forms are needed: there are hosts and switches that learn from requests only, and from replies only. Linux
 * takes either for an entry that it has, even a REACHABLE one and within its locktime, provided that a reply names its
 * sender as target, too.
 */
public final class GratuitousArp {
    private static final int LENGTH = 42;
    private static final short HARDWARE_ETHERNET = 1;
    private static final short REQUEST = 1;
    private static final short REPLY = 2;
    private static final MacAddress UNKNOWN = new MacAddress(0);

    private GratuitousArp() {}

    public static byte[] request(Inet4Address address, MacAddress mac) {
        return frame(REQUEST, address, mac, UNKNOWN);
    }

    public static byte[] reply(Inet4Address address, MacAddress mac) {
        return frame(REPLY, address, mac, mac);
    }

    private static byte[] frame(short operation, Inet4Address address, MacAddress mac, MacAddress target) {
        return ByteBuffer.allocate(LENGTH)
                .put(MacAddress.BROADCAST.bytes())
                .put(mac.bytes())
                .putShort((short) EtherType.ARP)
                .putShort(HARDWARE_ETHERNET)
                .putShort((short) EtherType.IPV4)
                .put((byte) 6)
                .put((byte) 4)
                .putShort(operation)
                .put(mac.bytes())
                .put(address.getAddress())
                .put(target.bytes())
                .put(address.getAddress())
                .array();
    }
}
