package pgha.it.vip;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pgha.lab.LabHost;
import pgha.vip.AddressLifetime;
import pgha.vip.LinuxVip;
import pgha.vip.Vip;
import pgha.vip.netlink.AddressChange;
import pgha.vip.netlink.AddressChange.Appeared;
import pgha.vip.netlink.AddressChange.Disappeared;
import pgha.vip.netlink.AddressChange.LinkChanged;
import pgha.vip.netlink.AddressChange.LookAgain;
import pgha.vip.netlink.AddressMonitor;

/** What the kernel tells of changes that somebody else makes. */
final class AddressMonitorIT {
    private static final Vip VIP = Vip.parse("10.77.0.100/24");
    private static final Vip VIP6 = Vip.parse("fd77::100/64");
    private static final InetAddress ADDRESS = VIP.address();
    private static final AddressLifetime LONG = new AddressLifetime(100);
    private static final long LIMIT_SECONDS = 20;

    private static VipLab lab;
    private static LabHost host;

    private final BlockingQueue<AddressChange> changes = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private LinuxVip binder;

    @BeforeAll
    static void make() {
        lab = VipLab.create("vipmonit");
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
    void tellsWhenSomebodyTakesTheAddressAwayAndNotWhenWeExtendIt() throws Exception {
        AddressMonitor monitor = watch(changes::add);
        try (monitor) {
            binder.bind(VIP, LONG, VipLab::always);
            assertThat(next()).isEqualTo(new Appeared(ADDRESS, 32, "eth0"));

            binder.extend(VIP, LONG, VipLab::always);
            VipLab.ip(host, "addr add 10.77.0.99/24 dev eth0");
            VipLab.ip(host, "addr del 10.77.0.100/32 dev eth0");
            assertThat(next()).isEqualTo(new Disappeared(ADDRESS, 32, "eth0"));
        }
    }

    @Test
    void tellsWhenTheKernelDropsIt() throws Exception {
        AddressMonitor monitor = watch(changes::add);
        try (monitor) {
            binder.bind(VIP6, new AddressLifetime(1), VipLab::always);
            assertThat(next()).isEqualTo(new Appeared(VIP6.address(), 128, "eth0"));
            assertThat(next()).isEqualTo(new Disappeared(VIP6.address(), 128, "eth0"));
        }
    }

    @Test
    void beginsWithWhatIsThere() throws Exception {
        VipLab.ip(host, "addr add 10.77.0.100/24 dev eth0");

        AddressMonitor monitor = watch(changes::add);
        try (monitor) {
            assertThat(next()).isEqualTo(new Appeared(ADDRESS, 24, "eth0"));
        }
    }

    @Test
    void tellsWhenTheLinkGoesDownAndComesBack() throws Exception {
        VipLab.ip(host, "addr add 10.77.0.100/24 dev eth0");
        AddressMonitor monitor = watch(changes::add);
        try (monitor) {
            assertThat(next()).isInstanceOf(Appeared.class);

            VipLab.ip(host, "link set eth0 down");
            assertThat(next()).isEqualTo(new LinkChanged("eth0", false));
            VipLab.ip(host, "link set eth0 up");
            assertThat(next()).isEqualTo(new LinkChanged("eth0", true));
        }
    }

    @Test
    void afterAnOverrunItSaysSoAndTellsEverythingAnew() throws Exception {
        CountDownLatch isReading = new CountDownLatch(1);
        AddressMonitor monitor = watch(change -> {
            changes.add(change);
            awaitQuietly(isReading);
        });
        try (monitor) {
            binder.bind(VIP, LONG, VipLab::always);
            assertThat(next()).isEqualTo(new Appeared(ADDRESS, 32, "eth0"));

            VipLab.ip(host, "addr add 10.77.0.100/24 dev eth0");
            host.exec("bash", "-c", """
                    for i in {1..3000}; do echo addr add 10.99.$((i / 250)).$((i % 250))/32 dev lo; done |
                        ip -batch -
                    ip addr flush dev lo scope global""").orThrow();
            isReading.countDown();

            assertThat(nextAfter(LookAgain.class))
                    .isIn(new Appeared(ADDRESS, 32, "eth0"), new Appeared(ADDRESS, 24, "eth0"));
            assertThat(next()).isIn(new Appeared(ADDRESS, 32, "eth0"), new Appeared(ADDRESS, 24, "eth0"));
        }
    }

    @Test
    void closingEndsItsThread() throws Exception {
        AddressMonitor monitor = watch(changes::add);
        monitor.close();
        monitor.close();

        assertThat(threads).hasSize(1).noneMatch(Thread::isAlive);
        assertThat(changes).isEmpty();
    }

    private AddressMonitor watch(Consumer<AddressChange> listener) {
        return VipLab.on(
                host,
                () -> AddressMonitor.start(Set.of(ADDRESS, VIP6.address()), listener, work -> {
                    Thread thread =
                            Thread.ofPlatform().daemon().name("vip-monitor").unstarted(work);
                    threads.add(thread);
                    return thread;
                }));
    }

    private AddressChange next() throws InterruptedException {
        AddressChange change = changes.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertThat(change).as("a change within %d s", LIMIT_SECONDS).isNotNull();
        return change;
    }

    private AddressChange nextAfter(Class<? extends AddressChange> type) throws InterruptedException {
        AddressChange change = next();
        while (!type.isInstance(change)) {
            change = next();
        }
        return next();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
