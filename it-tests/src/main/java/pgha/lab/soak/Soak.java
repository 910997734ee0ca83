package pgha.lab.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import pgha.lab.Command;
import pgha.lab.LabException;
import pgha.lab.cluster.LabNode;

/** Plays round after round until the time is over, keeps the logs of those that fail, and ends with the table. */
public final class Soak {
    private static final String USAGE = "usage: Soak [seed=N] [for=90s|30m|8h] [rounds=N] [round=N]"
            + " [fault=NAME|all|NAME+switchover|all+switchover,...]"
            + " [logs=DIRECTORY] [lab=NAME]"
            + " [replication=synchronous]; every fault alone, and each amid a switchover, come first,"
            + " unless rounds, round or fault are given";

    private final Arena arena;
    private final Path logs;
    private final List<Report> reports = new ArrayList<>();

    public Soak(Arena arena, Path logs) {
        this.arena = arena;
        this.logs = logs;
    }

    public static void main(String[] arguments) {
        try {
            System.exit(run(Options.parse(List.of(arguments))) ? 0 : 1);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + USAGE);
            System.exit(1);
        }
    }

    /** True if every round was clean. */
    private static boolean run(Options options) {
        System.out.println("seed " + options.seed());
        long end = System.nanoTime() + options.time().toNanos();
        try (Arena arena = new Arena(options.lab(), options.replication())) {
            Soak soak = new Soak(arena, options.logs());
            Iterator<Plan> plans = options.plans().iterator();
            while (plans.hasNext() && System.nanoTime() - end < 0) {
                soak.play(plans.next());
            }
            System.out.println(SoakTable.render(soak.reports));
            List<Report> failed =
                    soak.reports.stream().filter(report -> !report.isClean()).toList();
            failed.forEach(System.out::println);
            System.out.println(soak.reports.size() + " rounds, " + failed.size() + " failed, seed " + options.seed()
                    + (failed.isEmpty() ? "" : "; logs in " + options.logs()));
            return failed.isEmpty();
        }
    }

    /** Plays it and prints what came of it; ruins are cleared away. */
    public Report play(Plan plan) {
        Report report = Round.play(arena, plan);
        reports.add(report);
        System.out.println(reports.size() + " " + report);
        if (!report.isClean()) {
            keepLogs(report);
            arena.abandon();
        }
        return report;
    }

    /** Everything that the nodes logged so far, and the verdict, in a directory of the round's name. */
    private void keepLogs(Report report) {
        Path directory =
                logs.resolve(reports.size() + "-" + report.plan().name().replace(' ', '-'));
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("report.txt"), report + "\n");
            for (LabNode node : arena.cluster().nodes()) {
                Path from = node.host().disk().resolve("log");
                Command.run(
                        "cp",
                        "--recursive",
                        from.toString(),
                        directory.resolve(node.name()).toString());
            }
            System.out.println("    logs: " + directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (LabException e) {
            System.out.println("    no logs: " + e.getMessage());
        }
    }
}
