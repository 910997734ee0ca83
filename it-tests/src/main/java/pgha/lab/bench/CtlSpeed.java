package pgha.lab.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import pgha.lab.Lab;
import pgha.lab.LabOptions;
import pgha.lab.Launch;
import pgha.lab.Patience;
import pgha.lab.cluster.ClusterOptions;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;

/**
 * Measures how long people wait for agentctl on a node of a cluster of three, and prints one table.
 *
 * <p>Each command is run by a shell on a replica's host, from which the leader is asked over the network, as user postgres;
 * the shell takes the time from before the program is started until it has ended. A first run is not counted: it brings
 * the files into memory.
 */
public final class CtlSpeed {
    private static final String LAB = "ctlspeed";
    private static final int RUNS = 5;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    /** Until the last of what a start brings about has been written. */
    private static final Duration SETTLING = Duration.ofSeconds(10);

    private static final String TIMED = """
            TIMEFORMAT='%3R %3U %3S'
            time "$@" </dev/null >/dev/null""";

    private static final List<Measured> COMMANDS = List.of(
            Measured.of("--help"),
            Measured.of("list"),
            Measured.of("topology"),
            Measured.of("history"),
            Measured.of("show-config"),
            Measured.of("dsn"),
            Measured.of("version"),
            Measured.of("version", LAB),
            Measured.of("why"),
            Measured.of("doctor"),
            Measured.of("config", "explain"),
            Measured.of("query", "-U", "postgres", "-d", "postgres", "-c", "SELECT 1"),
            new Measured(List.of("pause"), List.of("resume")),
            new Measured(List.of("resume"), List.of("pause")));

    private CtlSpeed() {}

    /** @param undo what takes it back before it can be given again; empty for a command that changes nothing */
    private record Measured(List<String> words, List<String> undo) {
        static Measured of(String... words) {
            return new Measured(List.of(words), List.of());
        }
    }

    /** The one argument is how often each command is run (5). */
    public static void main(String[] arguments) {
        int runs = arguments.length == 0 ? RUNS : Integer.parseInt(arguments[0]);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Lab.destroy(LAB)));
        ClusterOptions options = new ClusterOptions(LAB, 30, Map.of(), Map.of(), List.of());
        try (LabCluster cluster = LabCluster.prepare(LabOptions.named(LAB), options)) {
            cluster.startAgents();
            Patience.demand(
                    "two replicas stream",
                    LIMIT,
                    () -> cluster.primary().isPresent()
                            && cluster.nodes().stream()
                                            .filter(LabNode::isStreaming)
                                            .count()
                                    == 2);
            Patience.until(SETTLING, () -> false);
            LabNode node = cluster.replicas().getFirst();
            List<CtlTable.Row> rows = new ArrayList<>();
            COMMANDS.forEach(command -> rows.add(measure(node, command, runs)));
            System.out.println(CtlTable.render(rows));
        }
        System.exit(0);
    }

    private static CtlTable.Row measure(LabNode node, Measured command, int runs) {
        boolean changes = !command.undo().isEmpty();
        if (changes) {
            // It may be as the command wants it already, which is a refusal.
            node.agentctl(words(command.undo()));
        }
        List<CtlTable.Run> all = new ArrayList<>();
        for (int run = 0; run <= runs; run++) {
            String times = timed(node, command.words());
            if (run > 0) {
                all.add(CtlTable.Run.parse(times));
            }
            if (changes) {
                node.agentctl(words(command.undo())).orThrow();
            }
        }
        if (command.words().contains("resume")) {
            node.agentctl("resume").orThrow();
        }
        CtlTable.Row row = new CtlTable.Row(String.join(" ", command.words()), all);
        System.out.println(row);
        return row;
    }

    /** What the shell says of one run. */
    private static String timed(LabNode node, List<String> words) {
        List<String> argv = new ArrayList<>(
                List.of("bash", "-c", TIMED, "timed", "/opt/pgha-agent/bin/agentctl", "-c", LabNode.CONFIGURATION));
        argv.addAll(words);
        Launch launch = Launch.as("postgres", words(argv)).withEnvironment("PGPASSWORD", "lab");
        var result = node.host().exec(LIMIT, launch);
        result.orThrow();
        return result.err().lines().reduce("", (before, line) -> line);
    }

    private static String[] words(List<String> words) {
        return words.toArray(String[]::new);
    }
}
