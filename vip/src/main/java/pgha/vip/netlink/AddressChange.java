package pgha.vip.netlink;

import java.net.InetAddress;

/** What the kernel told about a watched address or an interface. Immutable. A hint to look, not the state itself. */
public sealed interface AddressChange {
    /** A copy of a watched address is there that was not, or was there when watching began. */
    record Appeared(InetAddress address, int prefixLength, String interfaceName) implements AddressChange {}

    /** A copy of a watched address is gone: somebody removed it, or its lifetime ended. */
    record Disappeared(InetAddress address, int prefixLength, String interfaceName) implements AddressChange {}

    /** An interface came, went, was renamed or got or lost its carrier. */
    record LinkChanged(String interfaceName, boolean isUp) implements AddressChange {}

    /** The kernel told more than we could take: anything may have changed. */
    record LookAgain() implements AddressChange {}

    /** The last change ever: nothing will be told any more. */
    record Ended(String why) implements AddressChange {}
}
