package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.LabHost;
import pgha.lab.LabProcess;
import pgha.lab.Launch;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;

/** What clients and kernels see of two virtual addresses that move together. */
final class VipMoveIT {
    private static final String SECOND = "10.77.0.101";
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration SOON = Duration.ofSeconds(3);

    @RegisterExtension
    static final ClusterRig RIG =
            ClusterRig.named("vipmoveit", options -> options.withVips("10.77.0.100/24", SECOND + "/24"));

    @Test
    void aClientWithAFreshNeighbourEntryReachesTheNewHolderAtOnce() {
        LabCluster cluster = RIG.cluster();
        LabHost client = cluster.lab().client();
        LabNode from = cluster.awaitPrimary();
        LabNode to = cluster.replicas().getFirst();
        LabProcess capture = client.start(
                "tcpdump",
                Launch.as("root", "tcpdump", "-Z", "root", "-l", "-n", "-e", "-i", "eth0", "arp")
                        .withLog("/srv/log/arp.log"));
        Patience.demand("tcpdump listens", SOON, () -> client.read("/srv/log/arp.log")
                .orElse("")
                .contains("listening"));
        assertThat(cluster.viaVip("SELECT 1")).isPresent();
        assertThat(neighbour(client)).contains(hardware(from)).containsAnyOf("REACHABLE", "DELAY", "STALE");

        Observed.during(
                        cluster,
                        "switchover with two VIPs",
                        () -> Faults.switchover(cluster, from.name(), to.name()),
                        LIMIT,
                        () -> Faults.movedFrom(cluster, from))
                .isSafe();

        assertThat(neighbour(client)).contains(hardware(to));
        assertThat(holdersOf(cluster, SECOND)).isEqualTo(cluster.vipHolders());
        capture.signal(Signal.INT);
        capture.awaitExit(SOON);
        String seen = client.read("/srv/log/arp.log").orElseThrow();
        for (String vip : Set.of("10.77.0.100", SECOND)) {
            assertThat(seen.lines()
                            .filter(line -> line.startsWith(hardware(to), line.indexOf(' ') + 1))
                            .filter(line -> line.contains("who-has " + vip + " tell " + vip)
                                    || line.contains("Reply " + vip + " is-at " + hardware(to))))
                    .as("announcements of " + vip + " by the new holder")
                    .hasSizeGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void anAddressThatSomebodyRemovedIsPutBack() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();

        Observed.during(
                        cluster,
                        "VIP removed by hand",
                        () -> primary.host()
                                .exec("ip", "addr", "del", "10.77.0.100/32", "dev", "eth0")
                                .orThrow(),
                        SOON,
                        () -> cluster.vipHolders().equals(Set.of(primary.name())))
                .isSafe();
    }

    @Test
    void theVipStaysWhenTheNodesOwnAddressGoesAndReturns() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        String own = primary.host().address() + "/24";

        Observed.during(
                        cluster,
                        "own address removed and put back",
                        () -> {
                            primary.host()
                                    .exec("ip", "addr", "del", own, "dev", "eth0")
                                    .orThrow();
                            assertThat(cluster.vipHolders()).containsExactly(primary.name());
                            primary.host()
                                    .exec("ip", "addr", "add", own, "dev", "eth0")
                                    .orThrow();
                        },
                        LIMIT,
                        cluster::isReady)
                .isSafe();
    }

    @Test
    void aLeftoverOfTheVipIsRemovedAtStart() {
        LabCluster cluster = RIG.cluster();
        LabNode replica = cluster.replicas().getFirst();
        LabProcess agent = replica.runningAgent();
        agent.signal(Signal.KILL);
        agent.awaitExit(LIMIT);
        replica.host()
                .exec("ip", "addr", "add", "10.77.0.100/24", "dev", "eth0")
                .orThrow();
        assertThat(cluster.vipHolders()).contains(replica.name());

        replica.startAgent();

        Patience.demand(
                "the leftover is gone", LIMIT, () -> !cluster.vipHolders().contains(replica.name()));
        cluster.awaitReady();
    }

    @Test
    void aLeftoverWithAnotherPrefixIsReplacedAtBindAndRemovedAtUnbind() {
        LabCluster cluster = RIG.cluster();
        LabNode from = cluster.awaitPrimary();
        // What vip-manager leaves on its way out: the same address with the network's prefix.
        from.host().exec("ip", "addr", "add", "10.77.0.100/24", "dev", "eth0").orThrow();

        Faults.switchover(cluster, from.name(), cluster.replicas().getFirst().name());

        Patience.demand("the VIP is gone from the old primary", SOON, () -> !cluster.vipHolders()
                .contains(from.name()));
        cluster.awaitReady();
    }

    private static Set<String> holdersOf(LabCluster cluster, String address) {
        Set<String> holders = new TreeSet<>();
        cluster.nodes().stream()
                .filter(node -> node.host().kernelHasAddress(address))
                .forEach(node -> holders.add(node.name()));
        return holders;
    }

    private static String neighbour(LabHost client) {
        return client.exec("ip", "neigh", "show", "10.77.0.100").orThrow();
    }

    private static String hardware(LabNode node) {
        return node.host().exec("cat", "/sys/class/net/eth0/address").orThrow().strip();
    }
}
