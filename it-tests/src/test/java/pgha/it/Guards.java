package pgha.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import pgha.lab.LabException;
import pgha.lab.LabProcess;
import pgha.lab.Patience;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;

/** The lease guards of a cluster, as their hosts show them. */
final class Guards {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int STATE_WORDS = 5;

    private Guards() {}

    static Optional<LabProcess> find(LabNode node) {
        return node.host().processes().stream()
                .filter(process -> process.commandLine().contains("/lib/lease-guard "))
                .findFirst();
    }

    static LabProcess of(LabNode node) {
        return find(node).orElseThrow(() -> new LabException("no lease guard runs on " + node.name()));
    }

    /** Whether it is going to stop PostgreSQL at some time. */
    static boolean isArmed(LabCluster cluster, LabNode node) {
        return !word(cluster, node, "guard.state", 1).equals("0");
    }

    /** The number, on its host, of the guard that says of itself that it has a deadline. */
    static Optional<Integer> armedOne(LabCluster cluster, LabNode node) {
        String[] words = node.host()
                .read(home(cluster, node) + "guard.state")
                .orElse("")
                .strip()
                .split(" ", -1);
        boolean armed = words.length == STATE_WORDS && !words[1].equals("0");
        return armed ? Optional.of(Integer.valueOf(words[3])) : Optional.empty();
    }

    /** When it is going to stop PostgreSQL, in hundredths of a second on {@link #bootClock}. */
    static long deadline(LabCluster cluster, LabNode node) {
        return Long.parseLong(word(cluster, node, "guard.state", 1));
    }

    /** The clock on which it counts. */
    static long bootClock(LabNode node) {
        String uptime = node.host().read("/proc/uptime").orElseThrow();
        return Long.parseLong(uptime.substring(0, uptime.indexOf(' ')).replace(".", ""));
    }

    static void awaitArmed(LabCluster cluster, LabNode node, boolean armed) {
        Patience.demand(
                "the guard on " + node.name() + (armed ? " is armed" : " is disarmed"),
                LIMIT,
                () -> isArmed(cluster, node) == armed);
    }

    /** What it has done so far, for people. */
    static String log(LabCluster cluster, LabNode node) {
        return node.host().read(home(cluster, node) + "lease-guard.log").orElse("");
    }

    /** What it costs while {@code time} goes by. */
    static String cost(LabNode node, Duration time) {
        LabProcess guard = of(node);
        long ticks = ticks(guard);
        long switches = switches(guard);
        Faults.last(time);
        double minutes = time.toMillis() / 60_000.0;
        return "%.0f wake-ups and %.0f ms of CPU a minute, %d KiB resident"
                .formatted(
                        (switches(guard) - switches) / minutes,
                        (ticks(guard) - ticks) * 10 / minutes,
                        guard.residentKib());
    }

    private static long ticks(LabProcess process) {
        String stat = read(process, "stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private static long switches(LabProcess process) {
        return read(process, "status")
                .lines()
                .filter(line -> line.startsWith("voluntary_ctxt_switches:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    private static String read(LabProcess process, String file) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid(), file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String word(LabCluster cluster, LabNode node, String file, int number) {
        String state = node.host().read(home(cluster, node) + file).orElse("");
        String[] words = state.split(" ", -1);
        return words.length > number ? words[number] : "";
    }

    private static String home(LabCluster cluster, LabNode node) {
        return "/run/pgha-agent/" + cluster.lab().options().name() + "-" + node.name() + "/";
    }
}
