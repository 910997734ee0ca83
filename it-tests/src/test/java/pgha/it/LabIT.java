package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import pgha.lab.Command;
import pgha.lab.Lab;
import pgha.lab.LabHost;
import pgha.lab.LabOptions;
import pgha.lab.LabProcess;
import pgha.lab.Launch;
import pgha.lab.Patience;
import pgha.lab.Signal;

/** Shows that the lab's hosts behave as machines do, and that nothing of them is left. */
final class LabIT {
    private static final LabOptions OPTIONS = LabOptions.named("labit").withStores(List.of());
    private static final Duration SHORTLY = Duration.ofSeconds(5);

    private static List<String> machineBefore = List.of();
    private static Lab lab;

    @BeforeAll
    static void make() {
        machineBefore = machine();
        lab = Lab.create(OPTIONS);
    }

    @AfterAll
    static void remove() throws IOException {
        lab.close();
        assertThat(machine()).isEqualTo(machineBefore);
        assertThat(Files.exists(Path.of("/var/lib/pgha-lab/labit"))).isFalse();
        assertThat(Files.exists(Path.of("/run/pgha-lab/labit"))).isFalse();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            assertThat(processes.filter(LabIT::belongsToTheLab)).isEmpty();
        }
        Lab.destroy("labit");
    }

    @AfterEach
    void undo() {
        lab.restore();
    }

    @Test
    void aHostHasItsOwnNameNetworkAndProcesses() {
        LabHost host = lab.host("pg-1");

        assertThat(host.exec("hostname").orThrow().strip()).isEqualTo("pg-1");
        assertThat(host.exec("cat", "/proc/1/comm").orThrow().strip()).isEqualTo("tini");
        assertThat(host.exec("ip", "-o", "-4", "addr", "show", "eth0").orThrow())
                .contains("10.77.0.11/24");
        assertThat(host.exec("ls", "/tmp").orThrow()).isEmpty();
        assertThat(host.kernelHasAddress("10.77.0.11")).isTrue();
        assertThat(host.kernelHasAddress("10.77.0.12")).isFalse();
    }

    @Test
    void hostsReachEachOtherAndTheMachineReachesNone() {
        assertThat(reaches("pg-1", "pg-2")).isTrue();
        assertThat(reaches("client", "pg-3")).isTrue();
        assertThat(Command.run("ping", "-c1", "-W1", "10.77.0.11").succeeded()).isFalse();
    }

    @Test
    void aThreadOfTheClientSeesTheClientsNetwork() {
        InetAddress local = lab.clientThreads().call(() -> {
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("10.77.0.200"));
                    Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("10.77.0.200", server.getLocalPort()), 1000);
                return socket.getLocalAddress();
            }
        });

        assertThat(local.getHostAddress()).isEqualTo("10.77.0.200");
        assertThatThrownBy(() -> new ServerSocket(0, 1, InetAddress.getByName("10.77.0.200")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aStartedProgramRunsAsItsUserWithItsCapabilitiesOnly() {
        LabHost host = lab.host("pg-1");
        LabProcess process = host.start(
                "sleeper",
                Launch.as("postgres", "sleep", "300")
                        .withCapabilities("net_admin", "net_raw")
                        .withLog("/srv/log/sleeper.log"));

        String status = host.read("/proc/" + process.pidInHost() + "/status").orElseThrow();
        assertThat(status).contains("CapAmb:\t0000000000003000").contains("CapEff:\t0000000000003000");
        assertThat(status).contains("PPid:\t1\n").doesNotContain("Uid:\t0");
        assertThat(host.process("sleeper")).contains(process);

        process.signal(Signal.KILL);
        assertThat(process.awaitExit(SHORTLY)).isTrue();
        assertThat(host.process("sleeper")).isEmpty();
    }

    @Test
    void powerLossEndsEveryProcessAndKeepsTheDiskOnly() {
        LabHost host = lab.host("pg-2");
        host.exec("bash", "-c", "echo kept >/srv/postgresql/file && echo lost >/run/file")
                .orThrow();
        LabProcess process = host.start("sleeper", Launch.as("postgres", "sleep", "300"));

        host.powerLoss();

        assertThat(process.isAlive()).isFalse();
        assertThat(host.isRunning()).isFalse();
        assertThat(host.kernelHasAddress("10.77.0.12")).isFalse();
        assertThat(isCutFrom("client", "pg-2")).isTrue();

        host.boot();

        assertThat(host.read("/var/lib/postgresql/file")).contains("kept\n");
        assertThat(host.read("/run/file")).isEmpty();
        assertThat(reaches("client", "pg-2")).isTrue();
    }

    @Test
    void aFrozenHostStandsStillAndGoesOn() {
        LabHost host = lab.host("pg-3");
        host.start("counter", Launch.as("root", "sh", "-c", "while :; do date +%N >/run/now; sleep 0.01; done"));
        Patience.demand(
                "the program counts", SHORTLY, () -> host.read("/run/now").isPresent());

        host.freeze();
        String frozenAt = host.read("/run/now").orElse("");
        assertThat(reaches("client", "pg-3")).as("its kernel answers").isTrue();
        assertThat(host.read("/run/now")).contains(frozenAt);
        host.thaw();

        assertThat(Patience.until(
                        SHORTLY, () -> !host.read("/run/now").orElse("").equals(frozenAt)))
                .isTrue();
    }

    @Test
    void aPulledCableTakesTheCarrier() {
        LabHost host = lab.host("pg-1");
        host.linkDown();
        assertThat(isCutFrom("client", "pg-1")).isTrue();
        assertThat(host.exec("ip", "link", "show", "eth0").orThrow()).contains("NO-CARRIER");
        host.linkUp();
        assertThat(reaches("client", "pg-1")).isTrue();
    }

    @Test
    void aCutPairIsSilentAndOthersAreNot() {
        lab.cut("pg-1", "pg-2");
        assertThat(isCutFrom("pg-1", "pg-2")).isTrue();
        assertThat(isCutFrom("pg-2", "pg-1")).isTrue();
        assertThat(reaches("pg-1", "pg-3")).isTrue();

        lab.heal();
        assertThat(reaches("pg-1", "pg-2")).isTrue();

        lab.isolate("pg-3");
        assertThat(isCutFrom("client", "pg-3")).isTrue();
        assertThat(reaches("client", "pg-1")).isTrue();
    }

    @Test
    void packetsMayBeLostInOneDirectionOnly() {
        LabHost receiver = lab.host("pg-2");
        assertThat(reaches("pg-1", "pg-2"))
                .as("and the hardware address is known")
                .isTrue();
        int before = echoRequestsAt(receiver);
        lab.cutOneWay("pg-2", "pg-1");

        assertThat(isCutFrom("pg-1", "pg-2")).isTrue();
        assertThat(echoRequestsAt(receiver)).isEqualTo(before + 1);
    }

    @Test
    void anotherProcessFindsTheLabByItsName() {
        Lab found = Lab.find("labit").orElseThrow();

        assertThat(found.options()).isEqualTo(OPTIONS);
        assertThat(found.host("pg-1").exec("hostname").orThrow().strip()).isEqualTo("pg-1");
        assertThat(Lab.find("nobody")).isEmpty();
    }

    @Test
    void twoLabsWithEqualAddressesDoNotMeet() {
        LabOptions options = LabOptions.named("labit2").withStores(List.of()).withNodes(List.of("pg-1"));
        try (Lab other = Lab.create(options)) {
            other.host("pg-1").powerLoss();
            assertThat(reaches("client", "pg-1")).isTrue();
        }
        assertThat(reaches("client", "pg-1")).isTrue();
    }

    /** Asks again for a while, since a kernel that asked for the hardware address in vain gives up for a second. */
    private static boolean reaches(String from, String to) {
        return Patience.until(SHORTLY, () -> !isCutFrom(from, to));
    }

    private static boolean isCutFrom(String from, String to) {
        String address = lab.options().address(to);
        return !lab.host(from).exec("ping", "-c1", "-W1", address).succeeded();
    }

    private static int echoRequestsAt(LabHost host) {
        String counters =
                host.exec("bash", "-c", "grep Icmp: /proc/net/snmp | tail -1").orThrow();
        return Integer.parseInt(counters.split(" ")[9]);
    }

    /** What the lab could leave behind on the machine, in words that do not change by themselves. */
    private static List<String> machine() {
        return Stream.of(
                        "ip -br addr",
                        "ip netns",
                        "cat /proc/mounts",
                        "find /sys/fs/cgroup -type d -name *labit*",
                        "nft list ruleset")
                .flatMap(command -> Command.run(command.split(" ")).out().lines())
                .filter(line -> line.matches(".*(labit|10\\.77\\.0\\.|v-pg-|v-client).*"))
                .toList();
    }

    private static boolean belongsToTheLab(Path process) {
        try {
            return Files.readAllLines(process.resolve("cgroup")).stream()
                    .anyMatch(line -> line.contains("/pgha-lab/labit"));
        } catch (IOException e) {
            return false;
        }
    }
}
