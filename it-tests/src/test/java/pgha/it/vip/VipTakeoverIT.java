package pgha.it.vip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pgha.lab.LabHost;
import pgha.lab.LabProcess;
import pgha.lab.Launch;
import pgha.lab.Signal;
import pgha.vip.AddressLifetime;
import pgha.vip.LinuxVip;
import pgha.vip.Vip;
import pgha.vip.VipReply.Done;
import pgha.vip.VipReply.Failed;

/** An address that moves from one host to another, as a client with default settings sees it. */
final class VipTakeoverIT {
    private static final Vip VIP = Vip.parse("10.77.0.100/24");
    private static final Vip VIP6 = Vip.parse("fd77::100/64");
    private static final AddressLifetime LONG = new AddressLifetime(100);
    private static final Duration SHORTLY = Duration.ofSeconds(5);

    private static VipLab lab;
    private static LabHost client;
    private LinuxVip one;
    private LinuxVip two;

    @BeforeAll
    static void make() {
        lab = VipLab.create("vipmoveit");
        client = lab.client();
    }

    @AfterAll
    static void remove() {
        lab.close();
    }

    @BeforeEach
    void open() {
        lab.reset();
        one = VipLab.open(lab.one());
        two = VipLab.open(lab.two());
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    @ParameterizedTest
    @CsvSource({"10.77.0.100/24, 2", "fd77::100/64, 1"})
    void aReachableNeighbourEntryIsReplacedAtOnce(String text, int frames) {
        Vip vip = Vip.parse(text);
        String address = text.substring(0, text.indexOf('/'));
        one.bind(vip, LONG, VipLab::always);
        client.exec("ping", "-c1", "-W2", address).orThrow();
        assertThat(VipLab.ip(client, "neigh show " + address)).contains(VipLab.mac(lab.one()), "REACHABLE");

        one.unbind(vip);
        two.bind(vip, LONG, VipLab::always);
        assertThat(VipLab.ip(client, "neigh show " + address)).contains(VipLab.mac(lab.one()), "REACHABLE");
        assertThat(two.announce(vip)).isEqualTo(new Done<>(frames));

        String newHolder = VipLab.mac(lab.two());
        await().atMost(SHORTLY)
                .until(() -> VipLab.ip(client, "neigh show " + address).contains(newHolder));
        assertThat(client.exec("ping", "-c1", "-W2", address).succeeded()).isTrue();
    }

    @Test
    void whoListensOnTheNetworkSeesAllForms() {
        one.bind(VIP, LONG, VipLab::always);
        one.bind(VIP6, LONG, VipLab::always);
        LabProcess listener = client.start(
                "tcpdump",
                Launch.as("root", "tcpdump", "-lne", "-i", "eth0", "arp or icmp6[0] == 136")
                        .withLog("/tmp/announced"));
        await().atMost(SHORTLY).until(() -> announced().contains("listening on"));

        one.announce(VIP);
        one.announce(VIP6);

        String mac = VipLab.mac(lab.one());
        await().atMost(SHORTLY).untilAsserted(() -> assertThat(announced())
                .containsPattern(mac + " > ff:ff:ff:ff:ff:ff, .* Request who-has 10.77.0.100 .*tell 10.77.0.100")
                .containsPattern(mac + " > ff:ff:ff:ff:ff:ff, .* Reply 10.77.0.100 is-at " + mac)
                .containsPattern(mac + " > 33:33:00:00:00:01, .*fd77::100 > ff02::1: .*neighbor advertisement, "
                        + "tgt is fd77::100"));
        listener.signal(Signal.TERM);
        assertThat(listener.awaitExit(SHORTLY)).isTrue();
    }

    @Test
    void whatIsNotBoundHereIsNotAnnounced() {
        assertThat(one.announce(VIP)).isEqualTo(new Failed<>("cannot announce 10.77.0.100/24: it is not bound here"));
        VipLab.ip(lab.one(), "addr add 10.77.0.100/24 dev eth0");
        assertThat(one.announce(VIP)).isInstanceOf(Failed.class);
    }

    @Test
    void aLoopbackHasNobodyToAnnounceTo() {
        Vip onLoopback = VIP.on("lo");
        one.bind(onLoopback, LONG, VipLab::always);

        assertThat(one.announce(onLoopback)).isEqualTo(new Done<>(0));
        one.unbind(onLoopback);
    }

    private static String announced() {
        return client.read("/tmp/announced").orElse("");
    }
}
