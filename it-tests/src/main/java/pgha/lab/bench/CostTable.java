package pgha.lab.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import pgha.lab.bench.Run.Costs;

/** Prints costs side by side, one column a run, as Markdown. Pure. */
final class CostTable {
    private CostTable() {}

    static String render(List<Costs> all) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("idle, a minute", all, costs -> costs.run().toString()));
        SortedSet<String> idle = new TreeSet<>();
        all.forEach(costs -> idle.addAll(costs.idle().counts().keySet()));
        idle.forEach(name -> rows.add(row(
                name,
                all,
                costs -> String.format(Locale.ROOT, "%.1f", costs.idle().perMinute(name)))));
        rows.add(row("**one failover**", all, costs -> ""));
        rows.add(row(
                "seconds until the next primary has its replica",
                all,
                costs -> String.format(Locale.ROOT, "%.1f", costs.failover().seconds())));
        SortedSet<String> failover = new TreeSet<>();
        all.forEach(costs -> failover.addAll(costs.failover().counts().keySet()));
        failover.forEach(name ->
                rows.add(row(name, all, costs -> Long.toString(costs.failover().total(name)))));
        return print(rows);
    }

    private static List<String> row(String name, List<Costs> all, Function<Costs, String> cell) {
        List<String> row = new ArrayList<>(List.of(name));
        all.forEach(costs -> row.add(cell.apply(costs)));
        return row;
    }

    /** Names to the left, numbers to the right; the first row is the head. */
    private static String print(List<List<String>> rows) {
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < rows.getFirst().size(); column++) {
            int at = column;
            widths.add(rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0));
        }
        StringBuilder text = new StringBuilder();
        for (int number = 0; number < rows.size(); number++) {
            for (int column = 0; column < widths.size(); column++) {
                String format = (column == 0 ? "| %-" : " | %") + widths.get(column) + "s";
                text.append(format.formatted(rows.get(number).get(column)));
            }
            text.append(" |\n");
            if (number == 0) {
                text.append(rule(widths));
            }
        }
        return text.toString();
    }

    private static String rule(List<Integer> widths) {
        StringBuilder rule = new StringBuilder();
        for (int column = 0; column < widths.size(); column++) {
            rule.append('|').append("-".repeat(widths.get(column) + 1)).append(column == 0 ? '-' : ':');
        }
        return rule.append("|\n").toString();
    }
}
