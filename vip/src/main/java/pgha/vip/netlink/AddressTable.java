package pgha.vip.netlink;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import pgha.vip.linux.LinkIndex;
import pgha.vip.netlink.AddressChange.Appeared;
import pgha.vip.netlink.AddressChange.Disappeared;
import pgha.vip.netlink.AddressChange.LinkChanged;

/**
 * Turns the kernel's notifications into changes: what only repeats or renews what is known is none.
 *
 * <p>Confined to one thread; no I/O. Links that are heard of for the first time while {@code isListing} are no change:
 * they were there before. Watched addresses are, whenever they are heard of first.
 */
final class AddressTable {
    private final Set<InetAddress> watched;
    private final Map<LinkIndex, Link> links = new HashMap<>();
    private final Set<Copy> copies = new HashSet<>();

    AddressTable(Set<InetAddress> watched) {
        this.watched = Set.copyOf(watched);
    }

    private record Copy(LinkIndex link, InetAddress address, int prefixLength) {}

    List<AddressChange> accept(NetlinkMessage message, boolean isListing) {
        List<AddressChange> changes = new ArrayList<>();
        LinkMessage.decode(message).ifPresent(link -> {
            boolean isGone = message.type() == LinkMessage.RTM_DELLINK;
            (isGone ? removed(link) : seen(link, isListing)).ifPresent(changes::add);
        });
        AddressMessage.decode(message).filter(a -> watched.contains(a.local())).ifPresent(address -> {
            boolean isGone = message.type() == AddressMessage.RTM_DELADDR;
            (isGone ? removed(address) : seen(address)).ifPresent(changes::add);
        });
        return changes;
    }

    /** So that a new listing tells of every copy again. */
    void forgetCopies() {
        copies.clear();
    }

    private Optional<AddressChange> seen(Link link, boolean isListing) {
        Link before = links.put(link.index(), link);
        boolean isSame = before == null
                ? isListing
                : before.isUp() == link.isUp() && before.name().equals(link.name());
        return isSame ? Optional.empty() : Optional.of(new LinkChanged(link.name(), link.isUp()));
    }

    /** Bridges send RTM_DELLINK for a port that only leaves them, hence the question whether it was known at all. */
    private Optional<AddressChange> removed(Link link) {
        return links.remove(link.index()) == null ? Optional.empty() : Optional.of(new LinkChanged(link.name(), false));
    }

    private Optional<AddressChange> seen(InterfaceAddress address) {
        return copies.add(copy(address))
                ? Optional.of(new Appeared(address.local(), address.prefixLength(), nameOf(address.link())))
                : Optional.empty();
    }

    private Optional<AddressChange> removed(InterfaceAddress address) {
        copies.remove(copy(address));
        return Optional.of(new Disappeared(address.local(), address.prefixLength(), nameOf(address.link())));
    }

    private static Copy copy(InterfaceAddress address) {
        return new Copy(address.link(), address.local(), address.prefixLength());
    }

    private String nameOf(LinkIndex index) {
        Link link = links.get(index);
        return link == null ? "interface " + index : link.name();
    }
}
