package pgha.vip.netlink;

import java.nio.ByteBuffer;
import java.util.Optional;
import pgha.vip.linux.LinkIndex;
import pgha.vip.linux.MacAddress;
import pgha.vip.linux.MessageWriter;

/**
 * Encodes and decodes RTM_GETLINK, RTM_NEWLINK, RTM_DELLINK and one RTM_SETLINK. Pure.
 *
 * <p>Layout from linux/rtnetlink.h: family (1), padding (1), hardware type (2), interface (4), flags (4), mask of the
 * flags to change (4), attributes.
 */
public final class LinkMessage {
    static final int RTM_NEWLINK = 16;
    static final int RTM_DELLINK = 17;

    private static final int RTM_GETLINK = 18;
    private static final int RTM_SETLINK = 19;
    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_AF_SPEC = 26;
    private static final int IFLA_INET_CONF = 1;
    private static final int IPV4_DEVCONF_PROMOTE_SECONDARIES = 20;
    private static final int ARPHRD_ETHER = 1;
    private static final int MAC_LENGTH = 6;
    private static final int HEADER_LENGTH = 16;

    private LinkMessage() {}

    public static NetlinkMessage list() {
        MessageWriter body = new MessageWriter().putZeros(HEADER_LENGTH);
        return NetlinkMessage.request(RTM_GETLINK, NetlinkMessage.NLM_F_DUMP, body);
    }

    /**
     * Lets the next address of a network stay when its first one is removed: {@code net.ipv4.conf.IF.promote_secondaries}
     * of one interface.
     */
    public static NetlinkMessage promoteSecondaries(LinkIndex link) {
        byte[] on = new MessageWriter().putInt(1).toBytes();
        byte[] conf = attribute(IPV4_DEVCONF_PROMOTE_SECONDARIES, on);
        byte[] inet = attribute(Family.INET, attribute(IFLA_INET_CONF, conf));
        MessageWriter body =
                new MessageWriter().putInt(0).putInt(link.value()).putZeros(8).putAttribute(IFLA_AF_SPEC, inet);
        return NetlinkMessage.request(RTM_SETLINK, NetlinkMessage.NLM_F_ACK, body);
    }

    /** The interface that an RTM_NEWLINK or RTM_DELLINK tells of; empty for other types. */
    static Optional<Link> decode(NetlinkMessage message) {
        ByteBuffer body = message.body();
        boolean isLink = message.type() == RTM_NEWLINK || message.type() == RTM_DELLINK;
        if (!isLink || body.limit() < HEADER_LENGTH) {
            return Optional.empty();
        }
        boolean isEthernet = (body.getShort(2) & 0xFFFF) == ARPHRD_ETHER;
        Attributes attributes = Attributes.decode(body, HEADER_LENGTH);
        Optional<MacAddress> mac = attributes
                .bytes(IFLA_ADDRESS)
                .filter(bytes -> isEthernet && bytes.length == MAC_LENGTH)
                .map(MacAddress::of);
        return attributes
                .text(IFLA_IFNAME)
                .map(name -> new Link(new LinkIndex(body.getInt(4)), name, body.getInt(8), mac));
    }

    private static byte[] attribute(int type, byte[] value) {
        return new MessageWriter().putAttribute(type, value).toBytes();
    }
}
