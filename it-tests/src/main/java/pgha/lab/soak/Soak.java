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
import pgha.lab.soak.Arena.Replication;

/** Plays round after round until the time is over, keeps the logs of those that fail, and ends with the table. */
public final class Soak {
    private static final String USAGE = "usage: Soak [seed=N] [for=90s|30m|8h] [rounds=N] [round=N]"
            + " [fault=NAME|all|NAME+switchover|all+switchover,...]"
            + " [logs=DIRECTORY] [lab=NAME]"
            + " [replication=asynchronous|synchronous|both]; every fault alone, and each amid a switchover, come first,"
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

    /** One cluster after the other, as long each; true if every round was clean. */
    private static boolean run(Options options) {
        System.out.println("seed " + options.seed());
        List<Report> all = new ArrayList<>();
        StringBuilder tables = new StringBuilder();
        for (Replication replication : options.replications()) {
            List<Report> reports = run(options, replication);
            tables.append(SoakTable.render(replication, reports));
            all.addAll(reports);
        }
        System.out.println(tables);
        List<Report> failed = all.stream().filter(report -> !report.isClean()).toList();
        failed.forEach(System.out::println);
        System.out.println(all.size() + " rounds, " + failed.size() + " failed, seed " + options.seed()
                + (failed.isEmpty() ? "" : "; logs in " + options.logs()));
        return failed.isEmpty();
    }

    private static List<Report> run(Options options, Replication replication) {
        long end = System.nanoTime() + options.share().toNanos();
        try (Arena arena = new Arena(options.lab(), replication)) {
            Soak soak = new Soak(arena, options.logs());
            Iterator<Plan> plans = options.plans().iterator();
            while (plans.hasNext() && System.nanoTime() - end < 0) {
                soak.play(plans.next());
            }
            return List.copyOf(soak.reports);
        }
    }

    /** Plays it and prints what came of it; ruins are cleared away. */
    public Report play(Plan plan) {
        Report report = Round.play(arena, plan);
        reports.add(report);
        System.out.println(arena.replication().word() + " " + reports.size() + " " + report);
        if (!report.isClean()) {
            keepLogs(report);
            arena.abandon();
        }
        return report;
    }

    /** Everything that the nodes logged so far, and the verdict, in a directory of the round's name. */
    private void keepLogs(Report report) {
        String name = arena.replication().word() + " " + reports.size() + " "
                + report.plan().name();
        Path directory = logs.resolve(name.replace(' ', '-'));
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
