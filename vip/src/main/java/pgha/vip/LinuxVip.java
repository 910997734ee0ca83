package pgha.vip;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import pgha.vip.InterfaceChoice.Chosen;
import pgha.vip.InterfaceChoice.NoneFits;
import pgha.vip.VipReply.Done;
import pgha.vip.VipReply.Failed;
import pgha.vip.VipReply.Withdrawn;
import pgha.vip.VipView.Bound;
import pgha.vip.VipView.NotBound;
import pgha.vip.VipView.Unknown;
import pgha.vip.linux.Errno;
import pgha.vip.linux.ErrnoException;
import pgha.vip.netlink.InterfaceAddress;
import pgha.vip.netlink.Link;
import pgha.vip.netlink.NetlinkSocket;
import pgha.vip.netlink.NetlinkSocket.Protocol;

/**
 * {@link VipBinder} over netlink and packet sockets, without an external program.
 *
 * <p>Thread-safe: one request at a time, each about 0.1 ms. Has sockets of its own, in the network namespace of the
 * thread that opened it, and shares nothing with another instance. Needs CAP_NET_ADMIN, and CAP_NET_RAW to announce;
 * without them it opens all the same, observes, and says in its replies what is missing.
 */
public final class LinuxVip implements VipBinder, AutoCloseable {
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private final KernelAddresses addresses;
    private final Connections connections;
    private final Announcer announcer;

    private LinuxVip(KernelAddresses addresses, Connections connections, Announcer announcer) {
        this.addresses = addresses;
        this.connections = connections;
        this.announcer = announcer;
    }

    /** Fails only if the kernel gives no netlink socket at all. */
    public static LinuxVip open() throws IOException {
        NetlinkSocket route = NetlinkSocket.open(Protocol.ROUTE);
        try {
            Connections connections = new Connections(NetlinkSocket.open(Protocol.SOCK_DIAG));
            return new LinuxVip(new KernelAddresses(route), connections, Announcer.open());
        } catch (ErrnoException e) {
            route.close();
            throw e;
        }
    }

    /** A request to the kernel, whose refusals become {@link Failed}. */
    private interface Request<T> {
        VipReply<T> run() throws ErrnoException;
    }

    @Override
    public VipReply<Binding> bind(Vip vip, AddressLifetime lifetime, BooleanSupplier stillAllowed) {
        return exclusively("bind " + vip, () -> {
            if (!stillAllowed.getAsBoolean()) {
                return new Withdrawn<>();
            }
            return switch (InterfaceChoice.of(vip, addresses.links(), addresses.all())) {
                case NoneFits none -> new Failed<>("cannot bind " + vip + ": " + none.why());
                case Chosen chosen -> bindOn(chosen.link(), vip, lifetime, stillAllowed);
            };
        });
    }

    @Override
    public VipReply<String> placeFor(Vip vip) {
        return exclusively(
                "find a place for " + vip, () -> switch (InterfaceChoice.of(vip, addresses.links(), addresses.all())) {
                    case NoneFits none -> new Failed<>("cannot place " + vip + ": " + none.why());
                    case Chosen chosen -> new Done<>(chosen.link().name());
                });
    }

    private VipReply<Binding> bindOn(Link link, Vip vip, AddressLifetime lifetime, BooleanSupplier stillAllowed)
            throws ErrnoException {
        Predicate<InterfaceAddress> isOnLink = copy -> copy.link().equals(link.index());
        Predicate<InterfaceAddress> isWanted = isOnLink.and(copy -> isHostEntry(copy, vip));
        List<InterfaceAddress> replaced = new ArrayList<>();
        if (vip.isIpv6()) {
            // An interface has an IPv6 address once: adding it again would keep the other prefix.
            replaced.addAll(addresses.removeCopies(vip, isOnLink.and(isWanted.negate())));
        }
        if (!addWhileAllowed(vip, link, lifetime, stillAllowed)) {
            return new Withdrawn<>();
        }
        // After the new entry is there: open connections never see the address missing.
        replaced.addAll(addresses.removeCopies(vip, isWanted.negate()));
        return new Done<>(new Binding(link.name(), lifetime, describe(replaced)));
    }

    @Override
    public VipReply<Binding> extend(Vip vip, AddressLifetime lifetime, BooleanSupplier stillAllowed) {
        return exclusively("extend " + vip, () -> {
            if (!stillAllowed.getAsBoolean()) {
                return new Withdrawn<>();
            }
            Optional<Link> link = boundOn(vip);
            if (link.isEmpty()) {
                return new Failed<>("cannot extend " + vip + ": it is not bound any more; bind it again");
            }
            return addWhileAllowed(vip, link.get(), lifetime, stillAllowed)
                    ? new Done<>(new Binding(link.get().name(), lifetime, List.of()))
                    : new Withdrawn<>();
        });
    }

    /** False if the permission ended meanwhile: then it has been taken off again. */
    private boolean addWhileAllowed(Vip vip, Link link, AddressLifetime lifetime, BooleanSupplier stillAllowed)
            throws ErrnoException {
        addresses.add(vip, link, lifetime);
        boolean isAllowed = stillAllowed.getAsBoolean();
        if (!isAllowed) {
            addresses.removeCopies(vip, any -> true);
        }
        return isAllowed;
    }

    @Override
    public VipReply<List<String>> unbind(Vip vip) {
        return exclusively("unbind " + vip, () -> {
            List<InterfaceAddress> removed = addresses.removeCopies(vip, any -> true);
            return new Done<>(describe(removed));
        });
    }

    @Override
    public VipView observe(Vip vip) {
        VipReply<VipView> reply = exclusively("observe " + vip, () -> new Done<>(view(vip)));
        return switch (reply) {
            case Done<VipView> done -> done.value();
            case Failed<VipView> failed -> new Unknown(failed.why());
            case Withdrawn<VipView> withdrawn -> throw new IllegalStateException("looking was " + withdrawn);
        };
    }

    private VipView view(Vip vip) throws ErrnoException {
        List<InterfaceAddress> copies = addresses.copiesOf(vip);
        Optional<InterfaceAddress> best = copies.stream()
                .max(Comparator.comparing(InterfaceAddress::isOurs).thenComparingInt(InterfaceAddress::prefixLength));
        if (best.isEmpty()) {
            return new NotBound();
        }
        InterfaceAddress copy = best.get();
        return new Bound(nameOf(copy), copy.prefixLength(), copy.remaining(), copy.isOurs(), copies.size() - 1);
    }

    @Override
    public VipReply<Integer> announce(Vip vip) {
        return exclusively("announce " + vip, () -> {
            // Looked up rather than believed: announcing an address that is elsewhere would steal it.
            Optional<Link> link = boundOn(vip);
            return link.isEmpty()
                    ? new Failed<>("cannot announce " + vip + ": it is not bound here")
                    : new Done<>(announcer.announce(vip.address(), link.get()));
        });
    }

    @Override
    public VipReply<Integer> resetConnections(Vip vip) {
        return exclusively("reset the connections of " + vip, () -> new Done<>(connections.reset(vip)));
    }

    private <T> VipReply<T> exclusively(String what, Request<T> request) {
        oneAtATime.lock();
        try {
            return request.run();
        } catch (ErrnoException e) {
            return new Failed<>("cannot " + what + ": " + e.getMessage() + nextStep(e));
        } finally {
            oneAtATime.unlock();
        }
    }

    private static String nextStep(ErrnoException e) {
        if (e.is(Errno.EPERM)) {
            return "; the agent needs CAP_NET_ADMIN and CAP_NET_RAW (AmbientCapabilities of its unit)";
        }
        if (e.is(Errno.EOPNOTSUPP)) {
            return "; clients will notice by their own timeouts";
        }
        return "";
    }

    /** Where the address is bound as {@link #bind} does it. */
    private Optional<Link> boundOn(Vip vip) throws ErrnoException {
        Optional<InterfaceAddress> copy = addresses.copiesOf(vip).stream()
                .filter(candidate -> isHostEntry(candidate, vip))
                .max(Comparator.comparing(InterfaceAddress::isOurs));
        return copy.isEmpty() ? Optional.empty() : linkOf(copy.get());
    }

    private Optional<Link> linkOf(InterfaceAddress copy) throws ErrnoException {
        return addresses.links().stream()
                .filter(link -> link.index().equals(copy.link()))
                .findFirst();
    }

    /** For people: a kernel that does not tell names must not make a removal look failed. */
    private String nameOf(InterfaceAddress copy) {
        String number = "interface " + copy.link();
        try {
            return linkOf(copy).map(Link::name).orElse(number);
        } catch (ErrnoException e) {
            return number;
        }
    }

    private static boolean isHostEntry(InterfaceAddress copy, Vip vip) {
        return copy.prefixLength() == vip.hostPrefixLength();
    }

    private List<String> describe(List<InterfaceAddress> copies) {
        return copies.stream()
                .map(copy -> AddressText.print(copy.local()) + "/" + copy.prefixLength() + " on " + nameOf(copy))
                .toList();
    }

    /** Leaves bound what is bound. */
    @Override
    public void close() {
        oneAtATime.lock();
        try {
            addresses.close();
            connections.close();
            announcer.close();
        } finally {
            oneAtATime.unlock();
        }
    }
}
