package pgha.agent.ctl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import pgha.agent.ctl.Table.Cell;

/** Prints a table in one of the formats of {@code -f}. Pure. */
enum TableText {
    PRETTY,
    TSV,
    JSON,
    YAML,
    YML;

    /** With a line's end after each line. */
    String print(Table table) {
        return switch (this) {
            case PRETTY -> pretty(table);
            case TSV -> separated(table, "\t");
            case JSON -> json(List.of(table));
            case YAML, YML -> yaml(List.of(table));
        };
    }

    boolean isForPeople() {
        return this == PRETTY;
    }

    /** As {@code tsv}, with something else between the values. */
    static String separated(Table table, String delimiter) {
        StringBuilder text = new StringBuilder(String.join(delimiter, table.columns())).append('\n');
        for (Map<String, Cell> row : table.rows()) {
            text.append(table.columns().stream()
                            .map(column ->
                                    row.containsKey(column) ? row.get(column).text() : "")
                            .collect(Collectors.joining(delimiter)))
                    .append('\n');
        }
        return text.toString();
    }

    private static List<Map<String, Object>> asValues(List<Table> tables) {
        ObjectMapper mapper = new ObjectMapper();
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Table table : tables) {
            for (Map<String, Cell> row : table.rows()) {
                Map<String, Object> values = new LinkedHashMap<>();
                row.forEach((column, cell) -> values.put(column, mapper.convertValue(cell.value(), Object.class)));
                rows.add(values);
            }
        }
        return rows;
    }

    private static String json(List<Table> tables) {
        try {
            return new ObjectMapper().writeValueAsString(asValues(tables)) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String yaml(List<Table> tables) {
        return YamlOut.unsorted(asValues(tables));
    }

    private static String pretty(Table table) {
        List<String> columns = table.shownColumns();
        List<List<List<String>>> rows = new ArrayList<>();
        for (Map<String, Cell> row : table.rows()) {
            rows.add(columns.stream()
                    .map(column -> row.containsKey(column)
                            ? row.get(column).block().lines().toList()
                            : List.of(""))
                    .toList());
        }
        int[] widths = widths(columns, rows);
        boolean ruled = rows.stream().flatMap(List::stream).anyMatch(cell -> cell.size() > 1);
        String rule = rule(widths);
        StringBuilder text = new StringBuilder(table.hasTitle() ? titled(rule, table.title()) : rule).append('\n');
        text.append(line(columns.stream().map(TableText::heading).toList(), table, widths));
        text.append(rule).append('\n');
        for (List<List<String>> row : rows) {
            int height = row.stream().mapToInt(List::size).max().orElse(1);
            for (int i = 0; i < height; i++) {
                int index = i;
                List<String> cells = row.stream()
                        .map(lines -> index < lines.size() ? lines.get(index) : "")
                        .toList();
                text.append(line(cells, table, widths));
            }
            text.append(ruled ? rule + "\n" : "");
        }
        return text.append(ruled || rows.isEmpty() ? "" : rule + "\n").toString();
    }

    private static String heading(String column) {
        return column.endsWith(" Lag") ? "Lag" : column;
    }

    private static int[] widths(List<String> columns, List<List<List<String>>> rows) {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = heading(columns.get(i)).length();
            for (List<List<String>> row : rows) {
                widths[i] = Math.max(
                        widths[i],
                        row.get(i).stream().mapToInt(String::length).max().orElse(0));
            }
        }
        return widths;
    }

    private static String rule(int[] widths) {
        StringBuilder rule = new StringBuilder("+");
        for (int width : widths) {
            rule.append("-".repeat(width + 2)).append('+');
        }
        return rule.toString();
    }

    /** The title takes the place of as much of the first rule. */
    private static String titled(String rule, String title) {
        String head = "+ " + title + " ";
        return head.length() < rule.length() ? head + rule.substring(head.length()) : head + "+";
    }

    private static String line(List<String> cells, Table table, int[] widths) {
        StringBuilder line = new StringBuilder("|");
        for (int i = 0; i < widths.length; i++) {
            String blank = " ".repeat(widths[i] - cells.get(i).length());
            boolean right = table.numbers().contains(table.shownColumns().get(i));
            line.append(' ')
                    .append(right ? blank + cells.get(i) : cells.get(i) + blank)
                    .append(" |");
        }
        return line.append('\n').toString();
    }
}
