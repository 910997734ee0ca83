package pgha.it.vip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import pgha.lab.LabHost;
import pgha.vip.AddressLifetime;
import pgha.vip.LinuxVip;
import pgha.vip.Vip;

/** A process without the two capabilities gets sentences instead of an address. */
final class MissingCapabilityIT {
    private static final Vip VIP = Vip.parse("10.77.0.100/24");
    private static final String ADVICE =
            "; the agent needs CAP_NET_ADMIN and CAP_NET_RAW (AmbientCapabilities of its unit)";

    private static VipLab lab;

    @BeforeAll
    static void make() {
        lab = VipLab.create("vipcapit");
    }

    @AfterAll
    static void remove() {
        lab.close();
    }

    /** What the process without capabilities does: every request once. */
    static final class Requests {
        private Requests() {}

        public static void main(String[] arguments) throws Exception {
            try (LinuxVip binder = LinuxVip.open()) {
                System.out.println(binder.observe(VIP));
                System.out.println(binder.bind(VIP, new AddressLifetime(100), () -> true));
                System.out.println(binder.announce(VIP));
                System.out.println(binder.unbind(VIP));
            }
        }
    }

    @Test
    void saysWhatIsMissing() {
        LabHost host = lab.one();

        assertThat(requestsWithoutCapabilities(host))
                .containsSubsequence(
                        "NotBound[]",
                        "Failed[why=cannot bind 10.77.0.100/24: RTM_NEWADDR: EPERM (1), operation not permitted"
                                + ADVICE,
                        "Failed[why=cannot announce 10.77.0.100/24: it is not bound here]",
                        "Done[value=[]]");
    }

    @Test
    void whatSomebodyElseBoundItSeesButCannotTouch() {
        LabHost host = lab.two();
        VipLab.ip(host, "addr add 10.77.0.100/32 dev eth0");

        assertThat(requestsWithoutCapabilities(host))
                .containsSubsequence(
                        "Bound[interfaceName=eth0, prefixLength=32, remaining=Optional.empty, isOurs=false, otherCopies=0]",
                        "Failed[why=cannot bind 10.77.0.100/24: RTM_NEWADDR: EPERM (1), operation not permitted"
                                + ADVICE,
                        "Failed[why=cannot announce 10.77.0.100/24: socket: EPERM (1), operation not permitted"
                                + ADVICE,
                        "Failed[why=cannot unbind 10.77.0.100/24: RTM_DELADDR: EPERM (1), operation not permitted"
                                + ADVICE);
    }

    private static String requestsWithoutCapabilities(LabHost host) {
        return host.exec(
                        "setpriv",
                        "--bounding-set",
                        "-net_admin,-net_raw",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Requests.class.getName())
                .orThrow();
    }
}
