package pgha.lab.tour;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Prints what clients noticed as one table. Pure. */
final class FaultTable {
    private static final List<String> TITLES =
            List.of("Fault", "Write outage", "Failed attempts", "Acknowledged rows lost", "VIP before", "VIP after");

    private FaultTable() {}

    static String render(List<FaultRow> rows) {
        List<List<String>> cells = new ArrayList<>(List.of(TITLES));
        for (FaultRow row : rows) {
            cells.add(List.of(
                    row.fault(),
                    row.outage().toMillis() + " ms",
                    Long.toString(row.failedAttempts()),
                    Long.toString(row.lostRows()),
                    row.vipBefore(),
                    row.vipAfter()));
        }
        List<Integer> widths = IntStream.range(0, TITLES.size())
                .mapToObj(column -> cells.stream()
                        .mapToInt(line -> line.get(column).length())
                        .max()
                        .orElse(0))
                .toList();
        String rule = widths.stream().map(width -> "-".repeat(width + 2)).collect(Collectors.joining("+", "+", "+\n"));
        StringBuilder table = new StringBuilder(rule);
        for (int number = 0; number < cells.size(); number++) {
            table.append(line(cells.get(number), widths));
            if (number == 0) {
                table.append(rule);
            }
        }
        return table.append(rule).toString();
    }

    /** Text to the left, numbers to the right. */
    private static String line(List<String> cells, List<Integer> widths) {
        StringBuilder line = new StringBuilder("|");
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            String padding = " ".repeat(widths.get(column) - cell.length());
            boolean isNumber = !cell.isEmpty() && Character.isDigit(cell.charAt(0));
            line.append(' ').append(isNumber ? padding + cell : cell + padding).append(" |");
        }
        return line.append('\n').toString();
    }
}
