package pgha.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How to start a program on a host: as whom, with which capabilities, environment and log file. */
public record Launch(
        List<String> argv, String user, List<String> capabilities, Map<String, String> environment, String log) {
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public Launch {
        argv = List.copyOf(argv);
        capabilities = List.copyOf(capabilities);
        environment = Map.copyOf(environment);
    }

    /** Runs {@code argv} as {@code user} without capabilities; its output goes to /dev/null. */
    public static Launch as(String user, String... argv) {
        return new Launch(List.of(argv), user, List.of(), Map.of(), "/dev/null");
    }

    /** Ambient and inheritable, as a systemd unit's AmbientCapabilities gives them; names as in {@code net_admin}. */
    public Launch withCapabilities(String... names) {
        return new Launch(argv, user, List.of(names), environment, log);
    }

    public Launch withEnvironment(String name, String value) {
        Map<String, String> more = new TreeMap<>(environment);
        more.put(name, value);
        return new Launch(argv, user, capabilities, more, log);
    }

    /** Appends both output streams to {@code path} as the host sees it. */
    public Launch withLog(String path) {
        return new Launch(argv, user, capabilities, environment, path);
    }

    /** The whole command with a clean environment, for a root process inside the host. */
    List<String> command() {
        List<String> command = new ArrayList<>();
        if (!user.equals("root")) {
            command.addAll(List.of("setpriv", "--reuid", user, "--regid", user, "--init-groups"));
            if (!capabilities.isEmpty()) {
                String all = "+" + String.join(",+", capabilities);
                command.addAll(List.of("--inh-caps", all, "--ambient-caps", all));
            }
        }
        command.addAll(List.of("env", "-i", "PATH=" + PATH, "LANG=C.UTF-8", "USER=" + user, "HOME=" + home()));
        new TreeMap<>(environment).forEach((name, value) -> command.add(name + "=" + value));
        command.addAll(argv);
        return List.copyOf(command);
    }

    private String home() {
        return switch (user) {
            case "root" -> "/root";
            case "postgres" -> "/var/lib/postgresql";
            default -> "/tmp";
        };
    }
}
