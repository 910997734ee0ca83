package pgha.lab;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The first process of a host: started, found again, entered. */
final class Init {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private Init() {}

    /** Starts {@code script} as pid 1 of new namespaces in {@code group}; its output goes to boot.log in {@code logDirectory}. */
    static LabProcess start(HostGroup group, String script, List<String> arguments, Path logDirectory) {
        List<String> argv = new ArrayList<>(List.of(
                "bash",
                "-c",
                "echo $BASHPID >" + group.entrance() + " && exec setsid unshare"
                        + " --net --mount --uts --ipc --pid --fork --mount-proc bash -c \"$0\" \"$@\"",
                script,
                "init"));
        argv.addAll(arguments);
        try {
            new ProcessBuilder(argv)
                    .directory(Path.of("/").toFile())
                    .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(
                            Redirect.appendTo(logDirectory.resolve("boot.log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new LabException("cannot start a host: " + e.getMessage(), e);
        }
        Patience.demand(
                "an init runs in " + group.entrance(), LIMIT, () -> of(group).isPresent());
        return of(group).orElseThrow();
    }

    static Optional<LabProcess> of(HostGroup group) {
        return group.members().stream()
                .map(LabProcess::of)
                .flatMap(Optional::stream)
                .filter(process -> process.pidInHost() == 1)
                .findFirst();
    }

    /** The words before a command that put it into the host's cgroup and the named namespaces of its init. */
    static List<String> enter(HostGroup group, LabProcess init, List<String> namespaces) {
        List<String> words = new ArrayList<>(List.of(
                "bash",
                "-c",
                "echo $BASHPID >" + group.entrance() + " && exec nsenter --target " + init.pid() + " "
                        + String.join(" ", namespaces) + " -- \"$@\"",
                "enter"));
        return words;
    }
}
