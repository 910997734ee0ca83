package pgha.lab.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import pgha.lab.soak.Arena.Replication;
import pgha.lab.soak.Plan.Kind;

/** Prints the reports of many rounds as one table, a row for each fault alone, amid a switchover, and beside another. Pure. */
public final class SoakTable {
    private static final List<String> TITLES = List.of(
            "Runs", "Outage p50", "p99", "max ms", "Rows lost", "Bytes", "Overlap direct ms", "VIP ms", "Failed");

    private SoakTable() {}

    /** {@code replication} heads the first column. */
    public static String render(Replication replication, List<Report> reports) {
        Map<String, List<Report>> rows = new LinkedHashMap<>();
        for (Fault fault : Fault.values()) {
            rows.put(fault.words(), of(reports, began -> began.equals(List.of(fault)), Kind.ALONE, Kind.PAIR));
        }
        for (Fault fault : Fault.values()) {
            List<Fault> both = List.of(fault, Fault.SWITCHOVER);
            rows.put(fault.words() + " amid a switchover", of(reports, both::equals, Kind.AMID_SWITCHOVER));
        }
        for (Fault fault : Fault.values()) {
            rows.put(
                    fault.words() + " and another",
                    of(reports, began -> began.size() == 2 && began.contains(fault), Kind.PAIR));
        }
        rows.put("all rounds", reports);
        List<String> titles = new ArrayList<>(List.of("Fault, " + replication.word()));
        titles.addAll(TITLES);
        List<List<String>> cells = new ArrayList<>(List.of(titles));
        rows.forEach((fault, of) -> {
            if (!of.isEmpty()) {
                cells.add(row(fault, of));
            }
        });
        return lines(cells);
    }

    /** By what really began: what found its object gone was not survived. */
    private static List<Report> of(List<Report> reports, Predicate<List<Fault>> began, Kind... kinds) {
        return reports.stream()
                .filter(report -> List.of(kinds).contains(report.plan().kind()))
                .filter(report -> began.test(report.began()))
                .toList();
    }

    private static List<String> row(String fault, List<Report> reports) {
        long[] outages = reports.stream()
                .flatMap(report -> report.outage().stream())
                .mapToLong(Duration::toMillis)
                .sorted()
                .toArray();
        return List.of(
                fault,
                Integer.toString(reports.size()),
                Long.toString(percentile(outages, 50)),
                Long.toString(percentile(outages, 99)),
                Long.toString(percentile(outages, 100)),
                Integer.toString(reports.stream().mapToInt(Report::lostRows).sum()),
                Long.toString(
                        reports.stream().mapToLong(Report::lostBytes).max().orElse(0)),
                Long.toString(reports.stream()
                        .mapToLong(report -> report.directOverlap().toMillis())
                        .max()
                        .orElse(0)),
                Long.toString(reports.stream()
                        .mapToLong(report -> report.vipOverlap().toMillis())
                        .max()
                        .orElse(0)),
                Long.toString(
                        reports.stream().filter(report -> !report.isClean()).count()));
    }

    /** The smallest value that is not below {@code percent} of all; 0 of none. */
    static long percentile(long[] sorted, int percent) {
        return sorted.length == 0 ? 0 : sorted[Math.max(0, (sorted.length * percent + 99) / 100 - 1)];
    }

    private static String lines(List<List<String>> cells) {
        int[] widths = new int[1 + TITLES.size()];
        for (List<String> line : cells) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], line.get(column).length());
            }
        }
        String rule = Arrays.stream(widths)
                .mapToObj(width -> "-".repeat(width + 2))
                .collect(Collectors.joining("+", "+", "+\n"));
        StringBuilder table = new StringBuilder(rule);
        for (int number = 0; number < cells.size(); number++) {
            table.append('|');
            for (int column = 0; column < widths.length; column++) {
                String cell = cells.get(number).get(column);
                String padding = " ".repeat(widths[column] - cell.length());
                table.append(' ')
                        .append(column == 0 ? cell + padding : padding + cell)
                        .append(" |");
            }
            table.append('\n');
            if (number == 0) {
                table.append(rule);
            }
        }
        return table.append(rule).toString();
    }
}
