package pgha.vip.netlink;

import java.util.Optional;
import pgha.vip.linux.LinkIndex;
import pgha.vip.linux.MacAddress;

/**
 * A network interface, as the kernel lists it. Immutable.
 *
 * @param mac where announcements come from; empty for links that are not Ethernet (loopback, tunnels)
 */
public record Link(LinkIndex index, String name, int flags, Optional<MacAddress> mac) {
    private static final int IFF_UP = 0x1;
    private static final int IFF_LOOPBACK = 0x8;
    private static final int IFF_RUNNING = 0x40;

    /** Switched on and with a carrier. */
    public boolean isUp() {
        return (flags & (IFF_UP | IFF_RUNNING)) == (IFF_UP | IFF_RUNNING);
    }

    public boolean isLoopback() {
        return (flags & IFF_LOOPBACK) != 0;
    }
}
