package pgha.vip.netlink;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import pgha.vip.linux.LinkIndex;

/**
 * One address on one interface, as the kernel lists it. Immutable.
 *
 * @param peer the address of the prefix: equal to {@code local} except on point-to-point links
 * @param protocol who added it (IFA_PROTO); 0 where the kernel does not say
 * @param label the IPv4 label; empty for IPv6
 * @param remaining until the kernel drops it; empty means never
 */
public record InterfaceAddress(
        LinkIndex link,
        InetAddress local,
        InetAddress peer,
        int prefixLength,
        int flags,
        int protocol,
        String label,
        Optional<Duration> remaining) {
    private static final int IFA_F_SECONDARY = 0x01;

    /** Whether it was added by {@link AddressMessage#add}: by the protocol field, or before Linux 5.18 by the label. */
    public boolean isOurs() {
        return protocol == AddressMessage.PROTOCOL || label.endsWith(AddressMessage.LABEL_SUFFIX);
    }

    /** IPv4: goes when the first address of its network goes, unless the interface promotes secondaries. */
    public boolean isSecondary() {
        return (flags & IFA_F_SECONDARY) != 0;
    }

    /** Whether the kernel would delete {@code other} along with this one. */
    public boolean takesAlong(InterfaceAddress other) {
        return !isSecondary()
                && other.isSecondary()
                && other.link.equals(link)
                && other.prefixLength == prefixLength
                && isInSameNetwork(other.peer, prefixLength);
    }

    /** Whether the first {@code bits} bits of the two addresses are equal; never across families. */
    public boolean isInSameNetwork(InetAddress other, int bits) {
        byte[] a = peer.getAddress();
        byte[] b = other.getAddress();
        if (a.length != b.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            if (((a[i / 8] ^ b[i / 8]) & (0x80 >> (i % 8))) != 0) {
                return false;
            }
        }
        return true;
    }
}
