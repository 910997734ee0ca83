package pgha.vip.netlink;

import java.net.Inet4Address;
import java.net.InetAddress;

/** The kernel's numbers of the two address families. */
final class Family {
    static final int INET = 2;
    static final int INET6 = 10;

    private Family() {}

    static int of(InetAddress address) {
        return address instanceof Inet4Address ? INET : INET6;
    }
}
