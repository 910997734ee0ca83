package pgha.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import pgha.agent.os.Threads;
import pgha.vip.LinuxVip;
import pgha.vip.Vip;
import pgha.vip.netlink.AddressMonitor;

/** Opens the ways to the kernel's addresses; a kernel that gives none is not one that we can run on. */
final class Netlink {
    private Netlink() {}

    static LinuxVip open() {
        try {
            return LinuxVip.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static AddressMonitor monitor(List<Vip> vips, Runnable changed, Threads threads) {
        Set<java.net.InetAddress> addresses = vips.stream().map(Vip::address).collect(Collectors.toSet());
        try {
            return AddressMonitor.start(addresses, change -> changed.run(), threads.factory("vip-monitor"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
