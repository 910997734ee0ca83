package pgha.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The cgroup that holds all processes of one host, and nothing else.
 *
 * <p>Thread-safe: the kernel is the only state. Works with the freezer of cgroup v1 and with cgroup v2.
 */
final class HostGroup {
    private static final Path V1 = Path.of("/sys/fs/cgroup/freezer");
    private static final Path V2 = Path.of("/sys/fs/cgroup");
    private static final String TREE = "pgha-lab";
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Path path;
    private final boolean unified;

    private HostGroup(Path path, boolean unified) {
        this.path = path;
        this.unified = unified;
    }

    static HostGroup of(String lab, String host) {
        return new HostGroup(labPath(lab).resolve(host), !isV1());
    }

    /** All groups that exist of a lab, whoever made them. */
    static List<HostGroup> existingOf(String lab) {
        Path parent = labPath(lab);
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(Files::isDirectory)
                    .map(path -> new HostGroup(path, !isV1()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes the group above the hosts of a lab, and the one above all labs if this was the last. */
    static void removeLab(String lab) {
        removeIfEmpty(labPath(lab));
        removeIfEmpty(root().resolve(TREE));
    }

    private static boolean isV1() {
        return Files.isDirectory(V1);
    }

    private static Path root() {
        return isV1() ? V1 : V2;
    }

    private static Path labPath(String lab) {
        return root().resolve(TREE).resolve(lab);
    }

    void create() {
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw new LabException(
                    "cannot create the cgroup " + path + ": " + e.getMessage() + "; the lab needs root", e);
        }
    }

    /** The file into which a process writes its pid to join. */
    Path entrance() {
        return path.resolve("cgroup.procs");
    }

    /** Pids as the root namespace sees them; empty if the group does not exist. */
    List<Integer> members() {
        try {
            return Files.readAllLines(entrance()).stream().map(Integer::valueOf).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            // ENODEV: the group was removed between opening and reading.
            return List.of();
        }
    }

    /** Returns once every process stands still. */
    void freeze() {
        if (unified) {
            write("cgroup.freeze", "1");
            Patience.demand(
                    path + " is frozen", LIMIT, () -> read("cgroup.events").contains("frozen 1"));
            return;
        }
        write("freezer.state", "FROZEN");
        Patience.demand(
                path + " is frozen", LIMIT, () -> read("freezer.state").strip().equals("FROZEN"));
    }

    void thaw() {
        write(unified ? "cgroup.freeze" : "freezer.state", unified ? "0" : "THAWED");
    }

    /** Kills every process, frozen or not, and returns once none is left. */
    void kill() {
        if (!Files.isDirectory(path)) {
            return;
        }
        Patience.demand("all processes in " + path + " are gone", LIMIT, () -> {
            members().forEach(pid -> Kernel.signal(pid, Signal.KILL.number()));
            thaw();
            return members().isEmpty();
        });
    }

    void remove() {
        Patience.demand("the cgroup " + path + " can be removed", LIMIT, () -> removeIfEmpty(path));
    }

    private static boolean removeIfEmpty(Path directory) {
        try {
            Files.deleteIfExists(directory);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void write(String file, String text) {
        try {
            Files.writeString(path.resolve(file), text);
        } catch (IOException e) {
            throw new LabException("cannot write " + text + " to " + path.resolve(file) + ": " + e.getMessage(), e);
        }
    }

    private String read(String file) {
        try {
            return Files.readString(path.resolve(file));
        } catch (IOException e) {
            throw new LabException("cannot read " + path.resolve(file) + ": " + e.getMessage(), e);
        }
    }
}
