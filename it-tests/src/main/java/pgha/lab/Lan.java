package pgha.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The network between the hosts: one bridge in a namespace of its own, one cable a host, and a filter between pairs.
 *
 * <p>Both ends of a cable are made inside namespaces, so that nothing of the lab shows up in the machine's own network.
 */
final class Lan {
    /** No host can have this name: it would need the network to exist before it. */
    static final String NAME = "lan";

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String SETUP = """
            set -e
            mount --make-rprivate /
            ip link set lo up
            ip link add br0 type bridge stp_state 0 mcast_snooping 0
            ip link set br0 up
            nft -f - <<'RULES'
            table bridge lab {
                set cuts { type ifname . ifname; }
                chain forward {
                    type filter hook forward priority 0; policy accept;
                    iifname . oifname @cuts drop
                }
            }
            RULES
            exec tini -s -- sleep infinity
            """;

    private final HostGroup group;
    private final Path logDirectory;

    Lan(String lab, Path logDirectory) {
        this.group = HostGroup.of(lab, NAME);
        this.logDirectory = logDirectory;
    }

    void create() {
        group.create();
        LabProcess init = Init.start(group, SETUP, List.of(), logDirectory);
        // tini takes the place of the script once the bridge and the filter exist.
        Patience.demand("the bridge is up; see " + logDirectory + "/boot.log", LIMIT, () -> init.commandLine()
                .startsWith("tini"));
    }

    /** Gives the host an eth0 with its address and a hardware address that stays the same over power losses. */
    void connect(String host, String address, LabProcess init) {
        run(
                "ip",
                "link",
                "add",
                port(host),
                "type",
                "veth",
                "peer",
                "name",
                "eth0",
                "address",
                hardware(address),
                "netns",
                Integer.toString(init.pid()));
        run("ip", "link", "set", port(host), "master", "br0", "up");
        List<String> inHost = List.of("nsenter", "--target", Integer.toString(init.pid()), "--net", "--");
        for (String command : List.of("ip addr add " + address + "/24 dev eth0", "ip link set eth0 up")) {
            List<String> argv = new ArrayList<>(inHost);
            argv.addAll(List.of(command.split(" ")));
            Command.run(LIMIT, "", argv).orThrow();
        }
    }

    void unplug(String host) {
        run("ip", "link", "set", port(host), "down");
    }

    void plug(String host) {
        run("ip", "link", "set", port(host), "up");
    }

    /** Removes what is left of the cable of a host that is gone; the kernel may have been faster. */
    void forget(String host) {
        Command.run(LIMIT, "", inside(List.of("ip", "link", "del", port(host))));
    }

    /** Drops what {@code from} sends to {@code to}, and only this direction. */
    void cut(String from, String to) {
        run("nft", "add", "element", "bridge", "lab", "cuts", "{ \"" + port(from) + "\" . \"" + port(to) + "\" }");
    }

    /** Both directions between {@code host} and each of {@code others}, in one transaction. */
    void cutAll(String host, List<String> others) {
        List<String> pairs = new ArrayList<>();
        for (String other : others) {
            pairs.add("\"" + port(host) + "\" . \"" + port(other) + "\"");
            pairs.add("\"" + port(other) + "\" . \"" + port(host) + "\"");
        }
        run("nft", "add", "element", "bridge", "lab", "cuts", "{ " + String.join(", ", pairs) + " }");
    }

    void heal() {
        run("nft", "flush", "set", "bridge", "lab", "cuts");
    }

    boolean isRunning() {
        return Init.of(group).isPresent();
    }

    private void run(String... argv) {
        Command.run(LIMIT, "", inside(List.of(argv))).orThrow();
    }

    private List<String> inside(List<String> command) {
        LabProcess init = Init.of(group).orElseThrow(() -> new LabException("cannot reach the bridge: it is gone"));
        List<String> argv = new ArrayList<>(Init.enter(group, init, List.of("--net")));
        argv.addAll(command);
        return argv;
    }

    private static String port(String host) {
        return "v-" + host;
    }

    private static String hardware(String address) {
        StringBuilder hardware = new StringBuilder("02:00");
        for (String number : address.split("\\.")) {
            hardware.append(String.format(Locale.ROOT, ":%02x", Integer.parseInt(number)));
        }
        return hardware.toString();
    }
}
