package pgha.it.vip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgha.lab.Command;
import pgha.lab.LabHost;
import pgha.vip.AddressLifetime;
import pgha.vip.Binding;
import pgha.vip.LinuxVip;
import pgha.vip.Vip;
import pgha.vip.VipReply.Done;
import pgha.vip.VipReply.Failed;
import pgha.vip.VipReply.Withdrawn;
import pgha.vip.VipView.Bound;
import pgha.vip.VipView.NotBound;

/** {@link LinuxVip} against the kernel's address table. */
final class LinuxVipIT {
    private static final Vip VIP = Vip.parse("10.77.0.100/24");
    private static final Vip VIP6 = Vip.parse("fd77::100/64");
    private static final AddressLifetime LONG = new AddressLifetime(100);

    private static VipLab lab;
    private static LabHost host;
    private LinuxVip binder;

    @BeforeAll
    static void make() {
        lab = VipLab.create("vipit");
        host = lab.one();
    }

    @AfterAll
    static void remove() {
        lab.close();
    }

    @BeforeEach
    void open() {
        lab.reset();
        binder = VipLab.open(host);
    }

    @AfterEach
    void close() {
        binder.close();
    }

    @Test
    void bindsAsAHostAddressThatEverybodySeesIsOurs() {
        assertThat(binder.bind(VIP, LONG, VipLab::always)).isEqualTo(new Done<>(new Binding("eth0", LONG, List.of())));

        assertThat(VipLab.addresses(host))
                .containsPattern("inet 10.77.0.100/32 scope global dynamic eth0:pgha")
                .containsPattern("valid_lft (100|99)sec preferred_lft (100|99)sec");
        assertThat(binder.observe(VIP)).isInstanceOfSatisfying(Bound.class, bound -> {
            assertThat(bound.interfaceName()).isEqualTo("eth0");
            assertThat(bound.prefixLength()).isEqualTo(32);
            assertThat(bound.remaining().orElseThrow()).isBetween(Duration.ofSeconds(90), Duration.ofSeconds(100));
            assertThat(bound.isOurs()).isTrue();
            assertThat(bound.otherCopies()).isZero();
        });
        assertThat(canReach(VIP)).isTrue();
    }

    @Test
    void anIpv6AddressIsUsableAtOnceAndNeverASourceOfOurOwn() {
        assertThat(binder.bind(VIP6, LONG, VipLab::always)).isEqualTo(new Done<>(new Binding("eth0", LONG, List.of())));

        assertThat(VipLab.addresses(host))
                .containsPattern("inet6 fd77::100/128 scope global nodad deprecated dynamic noprefixroute")
                .contains("preferred_lft 0sec");
        assertThat(VipLab.ip(host, "-6 route show table main")).doesNotContain("fd77::100");
        assertThat(VipLab.ip(host, "-6 route get " + VipLab.ipv6(lab.client()))).contains("src " + VipLab.ipv6(host));
        assertThat(binder.observe(VIP6)).isInstanceOfSatisfying(Bound.class, bound -> assertThat(bound.isOurs())
                .isTrue());
        assertThat(canReach(VIP6)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.77.0.100/24", "fd77::100/64"})
    void unbindingIsIdempotent(String text) {
        Vip vip = Vip.parse(text);
        String hostEntry = text.replace("/24", "/32").replace("/64", "/128") + " on eth0";
        binder.bind(vip, LONG, VipLab::always);

        assertThat(binder.unbind(vip)).isEqualTo(new Done<>(List.of(hostEntry)));
        assertThat(binder.observe(vip)).isEqualTo(new NotBound());
        assertThat(binder.unbind(vip)).isEqualTo(new Done<>(List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.77.0.100/24", "fd77::100/64"})
    void theKernelDropsWhatNobodyExtends(String text) {
        Vip vip = Vip.parse(text);
        binder.bind(vip, new AddressLifetime(1), VipLab::always);
        assertThat(binder.observe(vip)).isInstanceOf(Bound.class);

        await().atMost(Duration.ofSeconds(20)).until(() -> binder.observe(vip).equals(new NotBound()));
        assertThat(binder.extend(vip, LONG, VipLab::always))
                .isEqualTo(new Failed<>("cannot extend " + vip + ": it is not bound any more; bind it again"));
        assertThat(binder.observe(vip)).isEqualTo(new NotBound());
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.77.0.100/24", "fd77::100/64"})
    void aLifetimeCanBeExtendedLiftedAndSetAgain(String text) {
        Vip vip = Vip.parse(text);
        binder.bind(vip, new AddressLifetime(20), VipLab::always);

        assertThat(binder.extend(vip, LONG, VipLab::always))
                .isEqualTo(new Done<>(new Binding("eth0", LONG, List.of())));
        assertThat(remaining(vip).orElseThrow()).isGreaterThan(Duration.ofSeconds(60));
        binder.extend(vip, AddressLifetime.FOREVER, VipLab::always);
        assertThat(remaining(vip)).isEmpty();
        binder.bind(vip, new AddressLifetime(20), VipLab::always);
        assertThat(remaining(vip).orElseThrow()).isLessThanOrEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void twoAddressesLiveSideBySide() {
        Vip other = Vip.parse("10.77.0.101/24").on("eth0");
        binder.bind(VIP, LONG, VipLab::always);
        binder.bind(other, LONG, VipLab::always);
        binder.bind(VIP6, LONG, VipLab::always);

        binder.unbind(VIP);

        assertThat(binder.observe(VIP)).isEqualTo(new NotBound());
        assertThat(binder.observe(other)).isInstanceOf(Bound.class);
        assertThat(binder.observe(VIP6)).isInstanceOf(Bound.class);
        assertThat(canReach(other)).isTrue();
    }

    @Test
    void theNodesOwnAddressMayGoAndComeBack() {
        binder.bind(VIP, LONG, VipLab::always);

        VipLab.ip(host, "addr del " + host.address() + "/24 dev eth0");
        assertThat(binder.observe(VIP)).isInstanceOf(Bound.class);
        assertThat(binder.extend(VIP, LONG, VipLab::always)).isInstanceOf(Done.class);
        VipLab.ip(host, "addr add " + host.address() + "/24 dev eth0");

        assertThat(VipLab.addresses(host)).doesNotContain("secondary");
        assertThat(VipLab.ip(host, "route get " + lab.client().address())).contains("src " + host.address());
        assertThat(canReach(VIP)).isTrue();
        binder.unbind(VIP);
        assertThat(VipLab.addresses(host)).contains(host.address() + "/24");
    }

    @Test
    void aDenialBeforeLeavesTheKernelAloneAndOneAfterwardsIsUndone() {
        AtomicInteger asked = new AtomicInteger();

        assertThat(binder.bind(VIP, LONG, () -> false)).isEqualTo(new Withdrawn<>());
        assertThat(binder.bind(VIP, LONG, () -> asked.getAndIncrement() == 0)).isEqualTo(new Withdrawn<>());
        assertThat(asked).hasValue(2);
        assertThat(binder.observe(VIP)).isEqualTo(new NotBound());

        binder.bind(VIP, LONG, VipLab::always);
        asked.set(0);
        assertThat(binder.extend(VIP, LONG, () -> asked.getAndIncrement() == 0)).isEqualTo(new Withdrawn<>());
        assertThat(binder.observe(VIP)).isEqualTo(new NotBound());
    }

    /** The fence has a binder of its own: whatever the other one is just doing, the address is gone in the end. */
    @Test
    void whoUnbindsAtTheEndOfTheTermWinsOverABindInFlight() throws Exception {
        try (LinuxVip fence = VipLab.open(host)) {
            for (int round = 0; round < 200; round++) {
                AtomicBoolean isAllowed = new AtomicBoolean(true);
                Thread busy = Thread.ofPlatform().start(() -> {
                    binder.bind(VIP, LONG, isAllowed::get);
                    binder.extend(VIP, LONG, isAllowed::get);
                });
                isAllowed.set(false);
                assertThat(fence.unbind(VIP)).isInstanceOf(Done.class);
                busy.join();
                assertThat(fence.observe(VIP)).as("round %d", round).isEqualTo(new NotBound());
            }
        }
    }

    @Test
    void withoutAnInterfaceInItsNetworkItSaysWhichThereAre() {
        assertThat(binder.bind(Vip.parse("10.99.0.9/24"), LONG, VipLab::always))
                .isEqualTo(new Failed<>("cannot bind 10.99.0.9/24: no interface has an address in its network; "
                        + "set vip.interface to one of lo, eth0"));
        assertThat(binder.bind(VIP.on("eth9"), LONG, VipLab::always))
                .isEqualTo(new Failed<>(
                        "cannot bind 10.77.0.100/24 on eth9: there is no such interface; " + "this host has lo, eth0"));
    }

    private Optional<Duration> remaining(Vip vip) {
        return ((Bound) binder.observe(vip)).remaining();
    }

    private static boolean canReach(Vip vip) {
        String address = vip.toString().substring(0, vip.toString().indexOf('/'));
        Command.Result ping = lab.client().exec("ping", "-c1", "-W2", address);
        return ping.succeeded();
    }
}
