package pgha.vip;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import pgha.vip.linux.Errno;
import pgha.vip.linux.ErrnoException;
import pgha.vip.netlink.AddressMessage;
import pgha.vip.netlink.InterfaceAddress;
import pgha.vip.netlink.Link;
import pgha.vip.netlink.LinkMessage;
import pgha.vip.netlink.NetlinkSocket;

/**
 * Adds and removes entries of the kernel's address table, so that no address but the one meant is touched.
 *
 * <p>Confined to one thread at a time. Every request is confirmed by the kernel before its method returns.
 */
final class KernelAddresses implements AutoCloseable {
    private static final int REMOVAL_ROUNDS = 5;

    private final NetlinkSocket route;

    KernelAddresses(NetlinkSocket route) {
        this.route = route;
    }

    List<InterfaceAddress> all() throws ErrnoException {
        return route.addresses();
    }

    List<InterfaceAddress> copiesOf(Vip vip) throws ErrnoException {
        return all().stream()
                .filter(address -> address.local().equals(vip.address()))
                .toList();
    }

    List<Link> links() throws ErrnoException {
        return route.links();
    }

    void add(Vip vip, Link link, AddressLifetime lifetime) throws ErrnoException {
        route.change(
                "RTM_NEWADDR", AddressMessage.add(vip.address(), link.index(), link.name(), (int) lifetime.seconds()));
    }

    /** Removes the copies of the address that fit, until a listing shows none: another process may be adding them. */
    List<InterfaceAddress> removeCopies(Vip vip, Predicate<InterfaceAddress> fits) throws ErrnoException {
        List<InterfaceAddress> removed = new ArrayList<>();
        for (int round = 0; round < REMOVAL_ROUNDS; round++) {
            List<InterfaceAddress> everything = all();
            List<InterfaceAddress> copies = everything.stream()
                    .filter(address -> address.local().equals(vip.address()))
                    .filter(fits)
                    .toList();
            if (copies.isEmpty()) {
                return removed;
            }
            for (InterfaceAddress copy : copies) {
                remove(copy, everything);
                removed.add(copy);
            }
        }
        throw new ErrnoException("RTM_DELADDR", Errno.EBUSY, "somebody adds it again each time");
    }

    private void remove(InterfaceAddress copy, List<InterfaceAddress> everything) throws ErrnoException {
        // A /24 that was there first is the primary address of the node's network: its deletion would take the node's
        // own
        // address along. The setting is left on: putting it back would race with the other binder, and on is what
        // systemd
        // has made the default.
        if (everything.stream().anyMatch(copy::takesAlong)) {
            route.change("RTM_SETLINK", LinkMessage.promoteSecondaries(copy.link()));
        }
        try {
            route.change("RTM_DELADDR", AddressMessage.remove(copy));
        } catch (ErrnoException e) {
            boolean isGoneAlready = e.is(Errno.EADDRNOTAVAIL) || e.is(Errno.ENODEV);
            if (!isGoneAlready) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        route.close();
    }
}
