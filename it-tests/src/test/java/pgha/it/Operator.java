package pgha.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import pgha.lab.LabException;
import pgha.lab.LabProcess;
import pgha.lab.Launch;
import pgha.lab.Signal;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.cluster.VipFollower;

/**
 * Types the commands of a page on a node, as root.
 *
 * <p>The hosts of a lab have no systemd: what {@code systemctl} would start and stop is started and stopped here, with the
 * signal and the user of its unit.
 */
final class Operator {
    static final String VIP_MANAGERS_FILE = "vip-manager.yml";

    private static final String HOME = "/var/lib/postgresql/";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final LabCluster cluster;

    Operator(LabCluster cluster) {
        this.cluster = cluster;
    }

    /** Runs the lines one after the other; one that fails is an error. */
    void run(LabNode node, List<String> lines) {
        List<String> script = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.strip().split("\\s+");
            if (words[0].equals("systemctl")) {
                shell(node, script);
                script.clear();
                control(node, String.join(" ", words[1], words[2]), words[3]);
            } else {
                script.add(line);
            }
        }
        shell(node, script);
    }

    private void shell(LabNode node, List<String> script) {
        if (script.isEmpty()) {
            return;
        }
        Launch launch = Launch.as("root", "bash", "-euxc", String.join("\n", script));
        for (Map.Entry<String, String> variable : variables(node).entrySet()) {
            launch = launch.withEnvironment(variable.getKey(), variable.getValue());
        }
        System.out.print(node.host().exec(LIMIT, launch).orThrow());
    }

    private Map<String, String> variables(LabNode node) {
        Map<String, String> variables = new TreeMap<>();
        variables.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin:/opt/pgha-agent/bin");
        variables.put("scope", cluster.lab().options().name());
        variables.put("patroni", LabNode.PATRONIS_CONFIGURATION);
        variables.put("agent", LabNode.CONFIGURATION);
        variables.put("vipmanager", HOME + VIP_MANAGERS_FILE);
        variables.put(
                "rest",
                "http://" + node.host().address() + ":"
                        + cluster.lab().options().restPort());
        variables.put("vip", cluster.lab().options().vip());
        variables.put("length", "24");
        variables.put("dev", "eth0");
        return variables;
    }

    private void control(LabNode node, String verb, String unit) {
        switch (verb) {
            case "enable --now" -> start(node, unit);
            case "disable --now" -> stop(node, unit);
            default ->
                throw new LabException("cannot do systemctl " + verb + ": the lab knows enable and disable --now");
        }
    }

    private void start(LabNode node, String unit) {
        switch (unit) {
            case "pgha-agent" -> node.startAgent();
            case "patroni" -> node.startPatroni();
            case "vip-manager" ->
                VipFollower.start(cluster, node, cluster.lab().options().name(), Daemon.address(cluster));
            default -> throw new LabException("no unit " + unit + " in the lab");
        }
    }

    private static void stop(LabNode node, String unit) {
        Optional<LabProcess> process =
                switch (unit) {
                    case "pgha-agent" -> node.agent();
                    case "patroni" -> node.patroni();
                    case "vip-manager" -> VipFollower.on(node);
                    default -> throw new LabException("no unit " + unit + " in the lab");
                };
        LabProcess running = process.orElseThrow(() -> new LabException(unit + " does not run on " + node.name()));
        running.signal(Signal.TERM);
        if (!running.awaitExit(LIMIT)) {
            throw new LabException(unit + " on " + node.name() + " has not ended:\n" + node.logEnd());
        }
    }
}
