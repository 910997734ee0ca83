package pgha.agent.os;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the kernel says about running processes, from /proc.
 *
 * <p>Thread-safe and stateless. Everything may have changed by the time it is returned; a process that is gone, a
 * zombie, or somebody else's has neither a program nor a directory.
 */
public final class ProcessTable {
    private static final Path PROC = Path.of("/proc");

    private ProcessTable() {}

    /** The command line as the process itself has it now, trimmed; empty if it is gone, or about to be. */
    public static String title(int pid) {
        return read(of(pid).resolve("cmdline")).replace('\0', ' ').strip();
    }

    /** What it was started with, as {@code NAME=value}; empty if it is gone, or somebody else's. */
    public static List<String> environment(int pid) {
        return List.of(read(of(pid).resolve("environ")).split("\0", -1));
    }

    /** Of one main thread; empty if the process is gone. */
    public static List<Integer> childrenOf(int pid) {
        Path children = of(pid).resolve("task/" + pid + "/children");
        if (Files.isReadable(children)) {
            return Stream.of(read(children).split(" ", -1))
                    .filter(text -> !text.isBlank())
                    .map(text -> Integer.parseInt(text.strip()))
                    .toList();
        }
        // A kernel without CONFIG_PROC_CHILDREN, or no such process.
        return all().stream().filter(child -> parentOf(child) == pid).toList();
    }

    /** Zero if there is no such process. */
    public static int parentOf(int pid) {
        String[] fields = statistics(pid);
        return fields.length > 1 ? Integer.parseInt(fields[1]) : 0;
    }

    /** Whether it is there and not a zombie. */
    public static boolean isAlive(int pid) {
        String[] fields = statistics(pid);
        return fields.length > 0 && !fields[0].equals("Z") && !fields[0].equals("X");
    }

    /** The file name of its program, even if that file has been replaced since. */
    public static Optional<String> programOf(int pid) {
        try {
            String path = Files.readSymbolicLink(of(pid).resolve("exe")).toString();
            String existing =
                    path.endsWith(" (deleted)") ? path.substring(0, path.length() - " (deleted)".length()) : path;
            return Optional.of(existing.substring(existing.lastIndexOf('/') + 1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    public static boolean worksIn(int pid, Path directory) {
        try {
            return Files.isSameFile(of(pid).resolve("cwd"), directory);
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether it has that very file open, not another one that had its name. */
    public static boolean hasOpen(int pid, Path file) {
        String[] descriptors = of(pid).resolve("fd").toFile().list();
        for (String descriptor : descriptors == null ? new String[0] : descriptors) {
            try {
                if (Files.isSameFile(of(pid).resolve("fd").resolve(descriptor), file)) {
                    return true;
                }
            } catch (IOException e) {
                // Closed meanwhile, or not a file: the next one.
            }
        }
        return false;
    }

    /** What waits in the sockets of its network namespace that are connected to that port, in bytes. */
    public static long bytesUnsentTo(int pid, int remotePort) {
        String suffix = ":%04X".formatted(remotePort);
        return Stream.of("net/tcp", "net/tcp6")
                .flatMap(table -> read(of(pid).resolve(table)).lines().skip(1))
                .map(line -> line.strip().split("\\s+", 6))
                .filter(fields -> fields.length > 5 && fields[2].endsWith(suffix))
                .mapToLong(fields -> Long.parseLong(fields[4].substring(0, fields[4].indexOf(':')), 16))
                .sum();
    }

    /** All processes of that program that work in that directory, whoever their parent is. */
    public static List<Integer> runningIn(Path directory, String program) {
        return all().stream()
                .filter(pid -> programOf(pid).filter(program::equals).isPresent() && worksIn(pid, directory))
                .toList();
    }

    /** Everything that runs. */
    public static List<Integer> all() {
        String[] names = PROC.toFile().list();
        List<Integer> pids = new ArrayList<>();
        for (String name : names == null ? new String[0] : names) {
            if (!name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
                pids.add(Integer.parseInt(name));
            }
        }
        return pids;
    }

    /** The fields of /proc/PID/stat from the state on; none if it is gone. */
    private static String[] statistics(int pid) {
        String stat = read(of(pid).resolve("stat"));
        // The name in parentheses may hold anything, parentheses included.
        int afterName = stat.lastIndexOf(')') + 2;
        return afterName < 2 || afterName > stat.length()
                ? new String[0]
                : stat.substring(afterName).split(" ", -1);
    }

    private static Path of(int pid) {
        return PROC.resolve(Integer.toString(pid));
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
