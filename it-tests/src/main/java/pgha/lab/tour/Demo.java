package pgha.lab.tour;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import pgha.lab.Lab;
import pgha.lab.LabException;
import pgha.lab.LabOptions;
import pgha.lab.Launch;
import pgha.lab.cluster.ClusterOptions;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;

/** The demo's commands: plays the tour, or does one thing to the cluster that a tour has left. */
public final class Demo {
    private static final int USAGE = 1;
    private static final String NEXT = """
            The cluster goes on running. What you can do with it:
              ./demo list              its members, by agentctl
              ./demo psql              a session through the VIP, from the client's host
              ./demo switchover        agentctl switchover; options as patronictl's
              ./demo kill NODE         power loss of a host
              ./demo cut NODE          a host cut off from all others
              ./demo heal              power, cables and agents back
              ./demo logs NODE         what the agent there has to say
              ./demo down              end everything; nothing is left""";

    private final LabOptions options = LabOptions.from(System.getenv());

    private Demo() {}

    public static void main(String[] arguments) {
        System.exit(new Demo().run(List.of(arguments)));
    }

    private int run(List<String> arguments) {
        String command = arguments.isEmpty() ? "tour" : arguments.getFirst();
        List<String> rest = arguments.isEmpty() ? List.of() : arguments.subList(1, arguments.size());
        try {
            return switch (command) {
                case "tour" -> tour();
                case "list" -> agentctl("list", rest);
                case "switchover" -> agentctl("switchover", rest);
                case "psql" -> psql(rest);
                case "kill" -> kill(node(rest));
                case "cut" -> cut(node(rest));
                case "heal" -> heal();
                case "logs" -> logs(node(rest));
                case "down" -> down();
                default -> usage("unknown command \"" + command + "\"");
            };
        } catch (LabException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return USAGE;
        }
    }

    private int tour() {
        // Whatever ends the tour early, Ctrl-C included, takes the lab with it.
        Thread removal = new Thread(() -> Lab.destroy(options.name()));
        Runtime.getRuntime().addShutdownHook(removal);
        Screen screen = new Screen(System.out);
        System.out.println("Making " + options.hosts().size() + " hosts in " + options.network() + ".0/24: "
                + String.join(", ", options.hosts()));
        LabCluster cluster = LabCluster.prepare(options, ClusterOptions.of(options.name(), options.vip()));
        boolean nothingLost = new Tour(cluster, screen).play();
        Runtime.getRuntime().removeShutdownHook(removal);
        screen.blank();
        System.out.println(NEXT);
        return nothingLost ? 0 : 1;
    }

    /** With the terminal of the caller, on the first node whose agent answers, or at least runs. */
    private int agentctl(String command, List<String> rest) {
        List<LabNode> withAgent = cluster().nodes().stream()
                .filter(candidate -> candidate.agent().isPresent())
                .toList();
        LabNode node = withAgent.stream()
                .filter(candidate -> candidate.get("/liveness").code() != 0)
                .findFirst()
                .or(() -> withAgent.stream().findFirst())
                .orElseThrow(() -> new LabException("no agent runs; ./demo heal starts them"));
        List<String> argv =
                new ArrayList<>(List.of("/opt/pgha-agent/bin/agentctl", "-c", LabNode.CONFIGURATION, command));
        argv.addAll(rest);
        return attached(node.host().commandLine(Launch.as("postgres", argv.toArray(String[]::new))));
    }

    private int psql(List<String> rest) {
        List<String> argv = new ArrayList<>(Arrays.asList(
                "psql", "-h", options.vip(), "-p", Integer.toString(options.postgresPort()), "-U", "postgres"));
        argv.addAll(rest);
        Launch launch = Launch.as("postgres", argv.toArray(String[]::new))
                .withEnvironment("PGPASSWORD", "lab")
                .withEnvironment("TERM", System.getenv().getOrDefault("TERM", "dumb"));
        return attached(cluster().lab().client().commandLine(launch));
    }

    private int kill(LabNode node) {
        node.host().powerLoss();
        System.out.println(node.name() + " has no power; ./demo heal gives it back");
        return 0;
    }

    private int cut(LabNode node) {
        cluster().lab().isolate(node.name());
        System.out.println(node.name() + " is cut off from all other hosts; ./demo heal undoes it");
        return 0;
    }

    private int heal() {
        LabCluster cluster = cluster();
        cluster.lab().restore();
        cluster.etcd().members().stream()
                .filter(member -> cluster.etcd().process(member).isEmpty())
                .forEach(cluster.etcd()::start);
        cluster.nodes().stream().filter(node -> node.agent().isEmpty()).forEach(LabNode::startAgent);
        System.out.println("all hosts have power and network, all agents run");
        return 0;
    }

    private int logs(LabNode node) {
        System.out.print(node.log());
        return 0;
    }

    private int down() {
        Lab.destroy(options.name());
        System.out.println("nothing of the lab \"" + options.name() + "\" is left");
        return 0;
    }

    private LabNode node(List<String> arguments) {
        if (arguments.size() != 1) {
            throw new LabException("which node? one of " + String.join(", ", options.nodes()));
        }
        return cluster().node(arguments.getFirst());
    }

    private LabCluster cluster() {
        Optional<LabCluster> found = LabCluster.find(options.name());
        return found.orElseThrow(
                () -> new LabException("there is no running lab \"" + options.name() + "\"; ./demo makes one"));
    }

    private static int usage(String problem) {
        System.err.println(problem + "\nusage: ./demo [list|psql|switchover|kill NODE|cut NODE|heal|logs NODE|down]");
        return USAGE;
    }

    private static int attached(List<String> argv) {
        try {
            return new ProcessBuilder(argv).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new LabException("cannot run " + argv + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return USAGE;
        }
    }
}
