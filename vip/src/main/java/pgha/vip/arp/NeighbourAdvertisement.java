package pgha.vip.arp;

import java.net.Inet6Address;
import java.nio.ByteBuffer;
import pgha.vip.linux.MacAddress;

/**
 * Encodes the 86-byte frame that tells all hosts of a network who has an IPv6 address now. Pure.
 *
 * <p>An unsolicited neighbour advertisement (RFC 4861, 7.2.6) from the address itself to all nodes, with the override
 * flag, so that entries other hosts hold are replaced.
 */
public final class NeighbourAdvertisement {
    private static final int LENGTH = 86;
    private static final int ETHERNET_LENGTH = 14;
    private static final int IPV6_LENGTH = 40;
    private static final int PAYLOAD_AT = ETHERNET_LENGTH + IPV6_LENGTH;
    private static final short PAYLOAD_LENGTH = LENGTH - PAYLOAD_AT;
    private static final byte ICMPV6 = 58;
    private static final byte ADVERTISEMENT = (byte) 136;
    private static final byte TARGET_LINK_LAYER_ADDRESS = 2;
    private static final int OVERRIDE = 0x2000_0000;
    private static final int VERSION_6 = 0x6000_0000;

    /** 33:33 and the last four bytes of ff02::1. */
    private static final MacAddress ALL_NODES_MAC = new MacAddress(0x3333_0000_0001L);

    private NeighbourAdvertisement() {}

    public static byte[] frame(Inet6Address address, MacAddress mac) {
        ByteBuffer frame = ByteBuffer.allocate(LENGTH)
                .put(ALL_NODES_MAC.bytes())
                .put(mac.bytes())
                .putShort((short) EtherType.IPV6)
                .putInt(VERSION_6)
                .putShort(PAYLOAD_LENGTH)
                .put(ICMPV6)
                .put((byte) 255)
                .put(address.getAddress())
                .put(allNodes())
                .put(ADVERTISEMENT)
                .put((byte) 0)
                .putShort((short) 0)
                .putInt(OVERRIDE)
                .put(address.getAddress())
                .put(TARGET_LINK_LAYER_ADDRESS)
                .put((byte) 1)
                .put(mac.bytes());
        return frame.putShort(PAYLOAD_AT + 2, checksum(frame)).array();
    }

    private static byte[] allNodes() {
        byte[] address = new byte[16];
        address[0] = (byte) 0xFF;
        address[1] = 0x02;
        address[15] = 0x01;
        return address;
    }

    /** Over the addresses, the length, the protocol and the payload whose checksum is still zero (RFC 8200, 8.1). */
    private static short checksum(ByteBuffer frame) {
        int sum = PAYLOAD_LENGTH + ICMPV6;
        for (int at = ETHERNET_LENGTH + 8; at < LENGTH; at += 2) {
            sum += frame.getShort(at) & 0xFFFF;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (short) ~sum;
    }
}
