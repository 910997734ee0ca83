package pgha.vip;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import pgha.vip.arp.GratuitousArp;
import pgha.vip.arp.NeighbourAdvertisement;
import pgha.vip.arp.PacketSocket;
import pgha.vip.linux.ErrnoException;
import pgha.vip.linux.MacAddress;
import pgha.vip.netlink.Link;

/** Sends the frames that say where an address is. Confined to one thread at a time. */
final class Announcer implements AutoCloseable {
    private final @Nullable PacketSocket packets;
    private final @Nullable ErrnoException refusal;

    private Announcer(@Nullable PacketSocket packets, @Nullable ErrnoException refusal) {
        this.packets = packets;
        this.refusal = refusal;
    }

    /** Never fails: without CAP_NET_RAW every {@link #announce} does, and binding still works. */
    static Announcer open() {
        try {
            return new Announcer(PacketSocket.open(), null);
        } catch (ErrnoException e) {
            return new Announcer(null, e);
        }
    }

    /** Returns the number of frames sent; none on a link that is not Ethernet. */
    int announce(InetAddress address, Link link) throws ErrnoException {
        if (refusal != null) {
            throw refusal;
        }
        Optional<MacAddress> mac = link.mac();
        List<byte[]> frames = mac.map(from -> frames(address, from)).orElse(List.of());
        for (byte[] frame : frames) {
            if (packets != null) {
                packets.send(frame, link.index());
            }
        }
        return frames.size();
    }

    private static List<byte[]> frames(InetAddress address, MacAddress mac) {
        return switch (address) {
            case Inet4Address ipv4 -> List.of(GratuitousArp.request(ipv4, mac), GratuitousArp.reply(ipv4, mac));
            case Inet6Address ipv6 -> List.of(NeighbourAdvertisement.frame(ipv6, mac));
            default -> throw new IllegalStateException("neither IPv4 nor IPv6: " + address);
        };
    }

    @Override
    public void close() {
        if (packets != null) {
            packets.close();
        }
    }
}
