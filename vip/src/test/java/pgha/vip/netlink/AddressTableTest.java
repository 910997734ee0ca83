package pgha.vip.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Set;
import org.junit.jupiter.api.Test;
import pgha.vip.netlink.AddressChange.Appeared;
import pgha.vip.netlink.AddressChange.Disappeared;
import pgha.vip.netlink.AddressChange.LinkChanged;

class AddressTableTest {
    private static final String TYPE_NEWADDR = "1400";
    private static final String TYPE_DELADDR = "1500";
    private static final String TYPE_NEWLINK = "1000";
    private static final String TYPE_DELLINK = "1100";
    private static final String UP = "43100100";
    private static final String DOWN = "02100000";

    private final InetAddress vip = InetAddress.getLoopbackAddress();
    private final AddressTable table = new AddressTable(Set.of(vip));

    @Test
    void anAddressAppearsOnceHoweverOftenItIsRenewed() {
        table.accept(link(TYPE_NEWLINK, UP), true);

        assertThat(table.accept(address(TYPE_NEWADDR, "7f000001"), false))
                .containsExactly(new Appeared(vip, 32, "eth0"));
        assertThat(table.accept(address(TYPE_NEWADDR, "7f000001"), false)).isEmpty();
        assertThat(table.accept(address(TYPE_DELADDR, "7f000001"), false))
                .containsExactly(new Disappeared(vip, 32, "eth0"));
        assertThat(table.accept(address(TYPE_NEWADDR, "7f000001"), false))
                .containsExactly(new Appeared(vip, 32, "eth0"));
    }

    @Test
    void otherAddressesAreNobodysBusiness() {
        assertThat(table.accept(address(TYPE_NEWADDR, "6e000009"), false)).isEmpty();
        assertThat(table.accept(address(TYPE_DELADDR, "0a00000a"), false)).isEmpty();
    }

    @Test
    void whatWasThereAtFirstIsToldOfAddressesOnly() {
        assertThat(table.accept(link(TYPE_NEWLINK, UP), true)).isEmpty();
        assertThat(table.accept(address(TYPE_NEWADDR, "7f000001"), true))
                .containsExactly(new Appeared(vip, 32, "eth0"));
    }

    @Test
    void aLinkChangesWithItsCarrierAndWhenItGoes() {
        table.accept(link(TYPE_NEWLINK, UP), true);

        assertThat(table.accept(link(TYPE_NEWLINK, UP), false)).isEmpty();
        assertThat(table.accept(link(TYPE_NEWLINK, DOWN), false)).containsExactly(new LinkChanged("eth0", false));
        assertThat(table.accept(link(TYPE_NEWLINK, UP), false)).containsExactly(new LinkChanged("eth0", true));
        assertThat(table.accept(link(TYPE_DELLINK, UP), false)).containsExactly(new LinkChanged("eth0", false));
        assertThat(table.accept(link(TYPE_DELLINK, UP), false)).isEmpty();
        assertThat(table.accept(link(TYPE_NEWLINK, UP), false)).containsExactly(new LinkChanged("eth0", true));
    }

    @Test
    void afterForgettingTheCopiesEachAppearsAgain() {
        table.accept(address(TYPE_NEWADDR, "7f000001"), false);
        table.forgetCopies();

        assertThat(table.accept(address(TYPE_NEWADDR, "7f000001"), true))
                .containsExactly(new Appeared(vip, 32, "interface 2"));
    }

    private static NetlinkMessage address(String type, String bits) {
        return Hex.message("28000000" + type + "0000 00000000 00000000 02 20 00 00 02000000 0800 0200" + bits
                + "0800 0100" + bits);
    }

    private static NetlinkMessage link(String type, String flags) {
        return Hex.message("2c000000" + type + "0000 00000000 00000000 0000 0100 02000000" + flags
                + "00000000 0900 0300 6574683000 000000");
    }
}
