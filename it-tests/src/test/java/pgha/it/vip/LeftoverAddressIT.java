package pgha.it.vip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pgha.lab.LabHost;
import pgha.vip.AddressLifetime;
import pgha.vip.Binding;
import pgha.vip.LinuxVip;
import pgha.vip.Vip;
import pgha.vip.VipReply.Done;
import pgha.vip.VipView.Bound;
import pgha.vip.VipView.NotBound;

/** Copies of the address that vip-manager, an administrator or an older interface left behind. */
final class LeftoverAddressIT {
    private static final Vip VIP = Vip.parse("10.77.0.100/24").on("eth0");
    private static final Vip VIP6 = Vip.parse("fd77::100/64").on("eth0");
    private static final AddressLifetime LONG = new AddressLifetime(100);

    private static VipLab lab;
    private static LabHost host;
    private LinuxVip binder;

    @BeforeAll
    static void make() {
        lab = VipLab.create("vipleftit");
        host = lab.one();
        VipLab.ip(host, "link add side type bridge");
        VipLab.ip(host, "link set side up");
    }

    @AfterAll
    static void remove() {
        lab.close();
    }

    @BeforeEach
    void open() {
        lab.reset();
        VipLab.ip(host, "addr flush dev side");
        host.exec("sysctl", "-qw", "net.ipv4.conf.eth0.promote_secondaries=0").orThrow();
        binder = VipLab.open(host);
    }

    @AfterEach
    void close() {
        binder.close();
    }

    @Test
    void aCopyOfVipManagerIsSeenAsNotOurs() {
        VipLab.ip(host, "addr add 10.77.0.100/24 dev eth0");

        assertThat(binder.observe(VIP)).isInstanceOfSatisfying(Bound.class, bound -> {
            assertThat(bound.prefixLength()).isEqualTo(24);
            assertThat(bound.isOurs()).isFalse();
            assertThat(bound.remaining()).isEmpty();
        });
    }

    @Test
    void copiesAreReplacedAtBind() {
        VipLab.ip(host, "addr add 10.77.0.100/24 dev eth0");
        VipLab.ip(host, "addr add 10.77.0.100/16 dev side");

        assertThat(binder.bind(VIP, LONG, VipLab::always))
                .isEqualTo(new Done<>(
                        new Binding("eth0", LONG, List.of("10.77.0.100/24 on eth0", "10.77.0.100/16 on side"))));
        assertThat(binder.observe(VIP)).isInstanceOfSatisfying(Bound.class, bound -> {
            assertThat(bound.prefixLength()).isEqualTo(32);
            assertThat(bound.isOurs()).isTrue();
            assertThat(bound.otherCopies()).isZero();
        });
        assertThat(lab.client().exec("ping", "-c1", "-W2", "10.77.0.100").succeeded())
                .isTrue();
    }

    @Test
    void anIpv6CopyIsReplacedAtBind() {
        VipLab.ip(host, "addr add fd77::100/64 dev eth0 nodad");
        VipLab.ip(host, "addr add fd77::100/64 dev side nodad");

        assertThat(binder.bind(VIP6, LONG, VipLab::always)).isInstanceOf(Done.class);
        assertThat(VipLab.ip(host, "-o addr show"))
                .containsOnlyOnce("fd77::100/")
                .contains("fd77::100/128");
        assertThat(VipLab.addresses(host)).contains(VipLab.ipv6(host) + "/64");
    }

    @Test
    void aCopyThatWeOnceBoundByHandAsHostAddressBecomesOurs() {
        VipLab.ip(host, "addr add 10.77.0.100/32 dev eth0");
        assertThat(binder.observe(VIP)).isInstanceOfSatisfying(Bound.class, bound -> assertThat(bound.isOurs())
                .isFalse());

        binder.bind(VIP, LONG, VipLab::always);

        assertThat(binder.observe(VIP)).isInstanceOfSatisfying(Bound.class, bound -> {
            assertThat(bound.isOurs()).isTrue();
            assertThat(bound.remaining()).isPresent();
        });
    }

    @Test
    void allCopiesAreRemovedAtUnbindWhetherBoundOrNot() {
        VipLab.ip(host, "addr add 10.77.0.100/24 dev eth0");
        VipLab.ip(host, "addr add 10.77.0.100/32 dev eth0");
        VipLab.ip(host, "addr add 10.77.0.100/16 dev side");

        assertThat(binder.unbind(VIP)).isInstanceOfSatisfying(Done.class, done -> assertThat((List<?>) done.value())
                .hasSize(3));
        assertThat(binder.observe(VIP)).isEqualTo(new NotBound());
    }

    /** As after a reboot in which vip-manager was faster than the network scripts: the VIP is the network's first address. */
    @Test
    void theNodesOwnSecondaryAddressAndItsRoutesSurvive() {
        VipLab.ip(host, "addr flush dev eth0 scope global");
        VipLab.ip(host, "addr add 10.77.0.100/24 dev eth0");
        VipLab.ip(host, "addr add " + host.address() + "/24 dev eth0");
        VipLab.ip(host, "route add default via 10.77.0.200");
        assertThat(VipLab.addresses(host)).contains("secondary");

        binder.bind(VIP, LONG, VipLab::always);

        assertThat(VipLab.addresses(host)).contains(host.address() + "/24").doesNotContain("secondary");
        assertThat(VipLab.ip(host, "route show")).contains("default via 10.77.0.200", "src " + host.address());
        assertThat(lab.client().exec("ping", "-c1", "-W2", "10.77.0.100").succeeded())
                .isTrue();
        binder.unbind(VIP);
        assertThat(VipLab.addresses(host)).contains(host.address() + "/24").doesNotContain("10.77.0.100");
    }

    @Test
    void anAddressThatOnlyLooksAlikeIsLeftAlone() {
        VipLab.ip(host, "addr add 110.77.0.100/24 dev side");
        VipLab.ip(host, "addr add 10.77.0.10/24 dev eth0");

        binder.bind(VIP, LONG, VipLab::always);
        binder.unbind(VIP);

        assertThat(VipLab.ip(host, "-o addr show")).contains("110.77.0.100/24", "10.77.0.10/24");
    }
}
