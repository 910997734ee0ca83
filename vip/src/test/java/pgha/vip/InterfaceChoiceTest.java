package pgha.vip;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import pgha.vip.InterfaceChoice.Chosen;
import pgha.vip.InterfaceChoice.NoneFits;
import pgha.vip.linux.LinkIndex;
import pgha.vip.netlink.InterfaceAddress;
import pgha.vip.netlink.Link;

class InterfaceChoiceTest {
    private static final int IFF_LOOPBACK = 8;

    private final List<Link> links = new ArrayList<>();
    private final List<InterfaceAddress> addresses = new ArrayList<>();

    @Test
    void isTheOneThatHasTheNetwork() {
        link("lo", IFF_LOOPBACK, "127.0.0.1/8");
        link("eth0", 0, "10.1.0.1/24", "fd00::1/64");
        link("eth1", 0, "10.0.0.1/24");

        assertThat(chosenFor("10.0.0.9/24")).isEqualTo(new Chosen(links.get(2)));
        assertThat(chosenFor("fd00::9/64")).isEqualTo(new Chosen(links.get(1)));
    }

    @Test
    void isTheNamedOneWhateverItsAddresses() {
        link("eth0", 0);

        assertThat(InterfaceChoice.of(Vip.parse("10.0.0.9/24").on("eth0"), links, addresses))
                .isEqualTo(new Chosen(links.get(0)));
    }

    @Test
    void aNameThatDoesNotExistIsAnsweredWithThoseThatDo() {
        link("lo", IFF_LOOPBACK);
        link("eth0", 0);

        assertThat(InterfaceChoice.of(Vip.parse("10.0.0.9/24").on("eth7"), links, addresses))
                .isEqualTo(new NoneFits("there is no such interface; this host has lo, eth0"));
    }

    @Test
    void noInterfaceInTheNetwork() {
        link("lo", IFF_LOOPBACK, "10.0.0.7/24");
        link("eth0", 0, "10.0.1.1/24");

        assertThat(chosenFor("10.0.0.9/24"))
                .isEqualTo(new NoneFits(
                        "no interface has an address in its network; set vip.interface to one of lo, eth0"));
    }

    @Test
    void twoInterfacesInTheNetwork() {
        link("eth0", 0, "10.0.0.1/24");
        link("eth1", 0, "10.0.0.2/24");
        link("eth2", 0, "10.0.1.2/24");

        assertThat(chosenFor("10.0.0.9/24"))
                .isEqualTo(
                        new NoneFits(
                                "more than one interface has an address in its network; set vip.interface to one of eth0, eth1"));
    }

    @Test
    void aStaleCopyOfTheAddressProvesNothing() {
        link("eth0", 0, "10.0.0.9/24");
        link("eth1", 0, "10.0.0.2/24");

        assertThat(chosenFor("10.0.0.9/24")).isEqualTo(new Chosen(links.get(1)));
    }

    private InterfaceChoice chosenFor(String vip) {
        return InterfaceChoice.of(Vip.parse(vip), links, addresses);
    }

    private void link(String name, int flags, String... withPrefix) {
        LinkIndex index = new LinkIndex(links.size() + 1);
        links.add(new Link(index, name, flags, Optional.empty()));
        for (String text : withPrefix) {
            String[] parts = text.split("/");
            InetAddress address = AddressText.parse(parts[0]).orElseThrow();
            addresses.add(new InterfaceAddress(
                    index, address, address, Integer.parseInt(parts[1]), 0, 0, "", Optional.empty()));
        }
    }
}
