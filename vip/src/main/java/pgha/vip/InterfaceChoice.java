package pgha.vip;

import java.util.List;
import java.util.stream.Collectors;
import pgha.vip.netlink.InterfaceAddress;
import pgha.vip.netlink.Link;

/** Finds the interface that an address belongs on. Pure. */
sealed interface InterfaceChoice {
    /** This one. */
    record Chosen(Link link) implements InterfaceChoice {}

    /** None, or more than one. */
    record NoneFits(String why) implements InterfaceChoice {}

    static InterfaceChoice of(Vip vip, List<Link> links, List<InterfaceAddress> addresses) {
        List<Link> fitting = links.stream()
                .filter(link -> vip.interfaceName()
                        .map(link.name()::equals)
                        .orElseGet(() -> hasNetworkOf(vip, link, addresses)))
                .toList();
        return fitting.size() == 1 ? new Chosen(fitting.get(0)) : new NoneFits(explain(vip, links, fitting));
    }

    /** Copies of the address itself prove nothing: a stale one may be on the wrong interface. */
    private static boolean hasNetworkOf(Vip vip, Link link, List<InterfaceAddress> addresses) {
        return !link.isLoopback()
                && addresses.stream()
                        .filter(address -> address.link().equals(link.index()))
                        .filter(address -> !address.local().equals(vip.address()))
                        .anyMatch(address -> address.isInSameNetwork(vip.address(), vip.prefixLength()));
    }

    private static String explain(Vip vip, List<Link> links, List<Link> fitting) {
        if (vip.interfaceName().isPresent()) {
            return "there is no such interface; this host has " + names(links);
        }
        if (fitting.isEmpty()) {
            return "no interface has an address in its network; set vip.interface to one of " + names(links);
        }
        return "more than one interface has an address in its network; set vip.interface to one of " + names(fitting);
    }

    private static String names(List<Link> links) {
        return links.stream().map(Link::name).collect(Collectors.joining(", "));
    }
}
