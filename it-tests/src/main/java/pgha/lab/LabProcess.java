package pgha.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One process on a host, seen from outside.
 *
 * @param pid as the root namespace counts
 * @param pidInHost as the host counts
 * @param startTicks the kernel's start time, which tells this process from a later one with its number
 */
public record LabProcess(int pid, int pidInHost, long startTicks) {
    /** Position of the start time among the fields of /proc/PID/stat that follow the program's name. */
    private static final int START_TICKS = 19;

    private static final Duration TO_STAND_STILL = Duration.ofSeconds(1);

    /** Empty if there is no such process. */
    public static Optional<LabProcess> of(int pid) {
        return pidInHost(pid).flatMap(inner -> startTicks(pid).map(ticks -> new LabProcess(pid, inner, ticks)));
    }

    /** False for a zombie as well: it runs no more. */
    public boolean isAlive() {
        return startTicks(pid).filter(ticks -> ticks == startTicks).isPresent();
    }

    /** Delivers the signal, or does nothing if the process is gone. */
    public void signal(Signal signal) {
        if (isAlive()) {
            Kernel.signal(pid, signal.number());
        }
        if (signal == Signal.STOP) {
            // kill(2) returns before every thread stands still: one could answer a request yet.
            Patience.until(TO_STAND_STILL, () -> !isAlive() || standsStill());
        }
    }

    private boolean standsStill() {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return threads.allMatch(LabProcess::isStopped);
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    /** The state comes after the name, which is in brackets and may hold anything (proc(5)). */
    private static boolean isStopped(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            return stat.startsWith(") T", stat.lastIndexOf(')'));
        } catch (IOException e) {
            return true;
        }
    }

    public boolean awaitExit(Duration limit) {
        return Patience.until(limit, () -> !isAlive());
    }

    /** The command line, arguments separated by blanks; empty once the process is gone. */
    public String commandLine() {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"))
                    .replace('\0', ' ')
                    .strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** The name that the kernel keeps, at most 15 characters; empty once the process is gone. */
    public String programName() {
        return statusLine(pid, "Name:").orElse("");
    }

    /** Resident memory in KiB as the kernel reports it; 0 once the process is gone. */
    public long residentKib() {
        return statusLine(pid, "VmRSS:")
                .map(text -> Long.parseLong(text.replaceAll("\\D", "")))
                .orElse(0L);
    }

    private static Optional<Integer> pidInHost(int pid) {
        return statusLine(pid, "NSpid:").map(line -> {
            String[] pids = line.strip().split("\\s+");
            return Integer.valueOf(pids[pids.length - 1]);
        });
    }

    private static Optional<String> statusLine(int pid, String key) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith(key))
                    .map(line -> line.substring(key.length()).strip())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> startTicks(int pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            boolean over = fields[0].equals("Z") || fields[0].equals("X");
            return over ? Optional.empty() : Optional.of(Long.valueOf(fields[START_TICKS]));
        } catch (IOException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }
}
