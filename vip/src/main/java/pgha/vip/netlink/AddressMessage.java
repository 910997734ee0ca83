package pgha.vip.netlink;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import pgha.vip.linux.LinkIndex;
import pgha.vip.linux.MessageWriter;

/**
 * Encodes and decodes RTM_NEWADDR, RTM_DELADDR and RTM_GETADDR. Pure.
 *
 * <p>Layout from linux/if_addr.h: family, prefix length, flags, scope (a byte each), interface (4), attributes.
 */
public final class AddressMessage {
    /** The value of IFA_PROTO that marks an address as ours; 0 to 3 are the kernel's own. */
    public static final int PROTOCOL = 80;

    /** What an IPv4 label ends in if the address is ours: kernels before 5.18 have no IFA_PROTO. */
    public static final String LABEL_SUFFIX = ":pgha";

    static final int RTM_NEWADDR = 20;
    static final int RTM_DELADDR = 21;

    private static final int RTM_GETADDR = 22;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_LABEL = 3;
    private static final int IFA_CACHEINFO = 6;
    private static final int IFA_FLAGS = 8;
    private static final int IFA_PROTO = 11;
    private static final int IFA_F_NODAD = 0x02;
    private static final int IFA_F_NOPREFIXROUTE = 0x200;
    private static final int LONGEST_LABEL = 15;
    private static final int FOREVER = 0xFFFF_FFFF;
    private static final int HEADER_LENGTH = 8;

    private AddressMessage() {}

    /**
     * Adds an address as /32 or /128, or gives the one that is there a new lifetime.
     *
     * <p>IPv6: no duplicate address detection, because it would hold the address back for a second; preferred lifetime 0,
     * so that it is never chosen as the source of the node's own connections; no route of its own.
     *
     * @param validSeconds how long the kernel keeps it; the largest unsigned value means for ever
     */
    public static NetlinkMessage add(InetAddress address, LinkIndex link, String interfaceName, int validSeconds) {
        byte[] bits = address.getAddress();
        boolean isIpv4 = address instanceof Inet4Address;
        int flags = isIpv4 ? 0 : IFA_F_NODAD | IFA_F_NOPREFIXROUTE;
        MessageWriter body = header(address, 8 * bits.length, flags & 0xFF, link)
                .putAttribute(IFA_LOCAL, bits)
                .putAttribute(IFA_ADDRESS, bits)
                .putAttribute(IFA_CACHEINFO, lifetimes(isIpv4 ? validSeconds : 0, validSeconds))
                .putAttribute(IFA_PROTO, (byte) PROTOCOL);
        String label = interfaceName + LABEL_SUFFIX;
        if (isIpv4 && label.length() <= LONGEST_LABEL) {
            body.putAttribute(IFA_LABEL, (label + '\0').getBytes(StandardCharsets.US_ASCII));
        }
        if (!isIpv4) {
            body.putAttribute(IFA_FLAGS, new MessageWriter().putInt(flags).toBytes());
        }
        int replacing = NetlinkMessage.NLM_F_ACK | NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_REPLACE;
        return NetlinkMessage.request(RTM_NEWADDR, replacing, body);
    }

    /** Removes exactly this entry, and no other prefix of the same address. */
    public static NetlinkMessage remove(InterfaceAddress entry) {
        MessageWriter body = header(entry.local(), entry.prefixLength(), 0, entry.link())
                .putAttribute(IFA_LOCAL, entry.local().getAddress())
                .putAttribute(IFA_ADDRESS, entry.peer().getAddress());
        return NetlinkMessage.request(RTM_DELADDR, NetlinkMessage.NLM_F_ACK, body);
    }

    /** Lists all addresses of the namespace, both families. */
    public static NetlinkMessage list() {
        MessageWriter body = new MessageWriter().putZeros(HEADER_LENGTH);
        return NetlinkMessage.request(RTM_GETADDR, NetlinkMessage.NLM_F_DUMP, body);
    }

    /** The address that an RTM_NEWADDR or RTM_DELADDR tells of; empty for other types and families. */
    static Optional<InterfaceAddress> decode(NetlinkMessage message) {
        ByteBuffer body = message.body();
        boolean isAddress = message.type() == RTM_NEWADDR || message.type() == RTM_DELADDR;
        if (!isAddress || body.limit() < HEADER_LENGTH) {
            return Optional.empty();
        }
        int family = body.get(0) & 0xFF;
        if (family != Family.INET && family != Family.INET6) {
            return Optional.empty();
        }
        Attributes attributes = Attributes.decode(body, HEADER_LENGTH);
        Optional<byte[]> peer = attributes.bytes(IFA_ADDRESS);
        Optional<byte[]> local = attributes.bytes(IFA_LOCAL).or(() -> peer);
        int valid = attributes.number(IFA_CACHEINFO, 4).orElse(FOREVER);
        return local.map(bits -> new InterfaceAddress(
                new LinkIndex(body.getInt(4)),
                address(bits),
                address(peer.orElse(bits)),
                body.get(1) & 0xFF,
                attributes.number(IFA_FLAGS, 0).orElse(body.get(2) & 0xFF),
                attributes.bytes(IFA_PROTO).map(proto -> proto[0] & 0xFF).orElse(0),
                attributes.text(IFA_LABEL).orElse(""),
                valid == FOREVER ? Optional.empty() : Optional.of(Duration.ofSeconds(Integer.toUnsignedLong(valid)))));
    }

    private static MessageWriter header(InetAddress address, int prefixLength, int flags, LinkIndex link) {
        return new MessageWriter()
                .putByte(Family.of(address))
                .putByte(prefixLength)
                .putByte(flags)
                .putByte(0)
                .putInt(link.value());
    }

    /** struct ifa_cacheinfo: preferred, valid, and two timestamps that only the kernel writes. */
    private static byte[] lifetimes(int preferredSeconds, int validSeconds) {
        return new MessageWriter()
                .putInt(preferredSeconds)
                .putInt(validSeconds)
                .putZeros(8)
                .toBytes();
    }

    private static InetAddress address(byte[] bits) {
        try {
            return InetAddress.getByAddress(bits);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("the kernel listed an address of " + bits.length + " bytes", e);
        }
    }
}
