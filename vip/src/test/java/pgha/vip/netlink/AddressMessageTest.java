package pgha.vip.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import pgha.vip.linux.LinkIndex;

/** Encoded bytes that a Linux 6.18 has taken, and bytes that it sent. Little endian. */
class AddressMessageTest {
    private static final Sequence FIRST = new Sequence(1);

    @Test
    void addsAnIpv4AddressThatTheKernelDropsByItself() {
        NetlinkMessage message = AddressMessage.add(address("10.0.0.9"), new LinkIndex(2), "eth0", 9);

        assertThat(Hex.of(message.encode(FIRST))).isEqualTo(Hex.compact("""
                54000000 1400 0505 01000000 00000000
                02 20 00 00 02000000
                0800 0200 0a000009
                0800 0100 0a000009
                1400 0600 09000000 09000000 00000000 00000000
                0500 0b00 50 000000
                0e00 0300 65746830 3a706768 6100 0000"""));
    }

    @Test
    void anIpv6AddressIsNeitherProbedForNorPreferredNorRouted() {
        NetlinkMessage message = AddressMessage.add(address("fd00::9"), new LinkIndex(3), "eth0", 9);

        assertThat(Hex.of(message.encode(FIRST))).isEqualTo(Hex.compact("""
                64000000 1400 0505 01000000 00000000
                0a 80 02 00 03000000
                1400 0200 fd000000 00000000 00000000 00000009
                1400 0100 fd000000 00000000 00000000 00000009
                1400 0600 00000000 09000000 00000000 00000000
                0500 0b00 50 000000
                0800 0800 02020000"""));
    }

    @Test
    void forEverIsTheLargestNumber() {
        NetlinkMessage message = AddressMessage.add(address("10.0.0.9"), new LinkIndex(2), "eth0", -1);

        assertThat(Hex.of(message.encode(FIRST)))
                .contains(Hex.compact("1400 0600 ffffffff ffffffff 00000000 00000000"));
    }

    @Test
    void aLongInterfaceNameLeavesNoRoomForALabel() {
        NetlinkMessage message = AddressMessage.add(address("10.0.0.9"), new LinkIndex(2), "enp0s31f6-b", 9);

        assertThat(message.encode(FIRST)).hasSize(68);
    }

    @Test
    void removesOnePrefixOfAnAddress() {
        InterfaceAddress copy = new InterfaceAddress(
                new LinkIndex(2), address("10.0.0.9"), address("10.0.0.9"), 24, 0, 0, "", Optional.empty());

        assertThat(Hex.of(AddressMessage.remove(copy).encode(FIRST))).isEqualTo(Hex.compact("""
                28000000 1500 0500 01000000 00000000
                02 18 00 00 02000000
                0800 0200 0a000009
                0800 0100 0a000009"""));
    }

    @Test
    void listsBothFamilies() {
        assertThat(Hex.of(AddressMessage.list().encode(FIRST)))
                .isEqualTo(Hex.compact("18000000 1600 0103 01000000 00000000 00000000 00000000"));
    }

    @Test
    void readsOurOwnAddress() {
        InterfaceAddress address = decode("""
                5c000000 1400 0200 07000000 153fc3aa 02 20 00 00 03000000
                0800 0100 0a000009 0800 0200 0a000009 0e00 0300 65746830 3a706768 6100 0000
                0500 0b00 50 000000 0800 0800 00000000
                1400 0600 09000000 09000000 72ef0200 72ef0200""");

        assertThat(address)
                .isEqualTo(new InterfaceAddress(
                        new LinkIndex(3),
                        address("10.0.0.9"),
                        address("10.0.0.9"),
                        32,
                        0,
                        80,
                        "eth0:pgha",
                        Optional.of(Duration.ofSeconds(9))));
        assertThat(address.isOurs()).isTrue();
    }

    @Test
    void readsTwoAddressesOfOneNetwork() {
        InterfaceAddress first = decode("""
                4c000000 1400 0200 07000000 f8610000 02 18 80 00 03000000
                0800 0100 0a000001 0800 0200 0a000001 0700 0300 763000 00 0800 0800 80000000
                1400 0600 ffffffff ffffffff 60dd0200 60dd0200""");
        InterfaceAddress second = decode("""
                4c000000 1400 0200 07000000 f8610000 02 18 81 00 03000000
                0800 0100 0a000002 0800 0200 0a000002 0700 0300 763000 00 0800 0800 81000000
                1400 0600 ffffffff ffffffff 60dd0200 60dd0200""");

        assertThat(first.isSecondary()).isFalse();
        assertThat(second.isSecondary()).isTrue();
        assertThat(first.takesAlong(second)).isTrue();
        assertThat(second.takesAlong(first)).isFalse();
        assertThat(first.remaining()).isEmpty();
        assertThat(first.isOurs()).isFalse();
    }

    @Test
    void readsAnIpv6AddressWithoutLocal() {
        InterfaceAddress address = decode("""
                48000000 1400 0200 07000000 f8610000 0a 80 22 00 03000000
                1400 0100 fd000000 00000000 00000000 00000009
                1400 0600 00000000 09000000 60dd0200 60dd0200 0800 0800 22020000""");

        assertThat(address.local()).isEqualTo(address("fd00::9"));
        assertThat(address.prefixLength()).isEqualTo(128);
        assertThat(address.remaining()).contains(Duration.ofSeconds(9));
        assertThat(address.isOurs()).isFalse();
    }

    @Test
    void aTornMessageIsNone() {
        assertThat(AddressMessage.decode(Hex.message("14000000 1400 0200 07000000 00000000 02200000")))
                .isEmpty();
        assertThat(AddressMessage.decode(Hex.message("18000000 1400 0200 07000000 00000000 02200000 03000000")))
                .isEmpty();
        assertThat(NetlinkMessage.decode(Hex.bytes("5c000000 1400 0200 07000000")))
                .isEmpty();
        assertThat(NetlinkMessage.decode(Hex.bytes("5c000000 1400 0200 07000000 00000000 02200000")))
                .isEmpty();
    }

    private static InterfaceAddress decode(String hex) {
        return AddressMessage.decode(Hex.message(hex)).orElseThrow();
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
