package pgha.agent.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import pgha.agent.ha.Progress;
import pgha.agent.os.WallClock;
import pgha.agent.task.CancelToken;

/**
 * The data directory while a program of the operator's makes it, where it is: such a program may know no other place.
 *
 * <p>Used by one task. From the beginning of the program until the task removes the mark, what is in the directory is of
 * no use, also to the agent after this one, which ends a program that is still at it.
 */
record RestorePlace(LocalServer server, RestoreMark mark) {
    private static final Duration LIMIT = Duration.ofDays(30);

    static RestorePlace of(LocalServer server) {
        return new RestorePlace(server, RestoreMark.of(server.config().dataDir()));
    }

    /** Moves aside what is there; why that cannot be, if it cannot. */
    Optional<String> clear(Consumer<Progress> progress) throws IOException {
        DirectoryMove move = new DirectoryMove(mark.dataDir(), new WallClock().now());
        if (move.staysInside()) {
            return Optional.of("what is in " + mark.dataDir()
                    + " can only be moved aside within it, where a program that restores may delete it");
        }
        move.moveAside().ifPresent(aside -> progress.accept(new Progress.Note("moved what was there to " + aside)));
        return Optional.empty();
    }

    void create() throws IOException {
        Path dataDir = mark.dataDir();
        if (!Files.exists(dataDir)) {
            Files.createDirectory(
                    dataDir, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    /** Runs the program; when it has ended, however it has, what it made still is of no use. */
    ExternalCommand.Ended run(
            String name, String command, List<String> arguments, Map<String, String> environment, CancelToken cancel)
            throws IOException, InterruptedException {
        SortedMap<String, String> marked = new TreeMap<>(environment);
        marked.put(RestoreMark.VARIABLE, mark.value());
        ExternalCommand commands = server.commands();
        mark.begin();
        try {
            return commands.run(
                    server.programs()
                            .operators(command, arguments, commands.newOutput(name))
                            .with(marked),
                    LIMIT,
                    cancel);
        } finally {
            mark.brokenOff();
        }
    }
}
