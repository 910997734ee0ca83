package pgha.agent.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rows and columns, before anybody decides how to print them.
 *
 * <p>Immutable.
 *
 * @param title what stands in the first rule; a table of members has one, and then its first column, the cluster, is
 *     only printed for programs, and a row has a cell only where there is a value
 * @param columns names, each once
 * @param numbers the columns that are aligned to the right
 */
record Table(String title, List<String> columns, Set<String> numbers, List<Map<String, Cell>> rows) {
    /** A text or a number or a mapping. */
    record Cell(JsonNode value) {
        boolean isEmpty() {
            return value.isNull() || value.isMissingNode() || (value.asText().isEmpty() && !value.isObject());
        }

        /** On one line, unless the text has several. */
        String text() {
            return value.isObject() ? flow(value) : value.isNull() ? "" : value.asText("");
        }

        /** A mapping as a block of YAML: one line for each entry. */
        String block() {
            if (!value.isObject()) {
                return text();
            }
            return value.properties().stream()
                    .map(entry -> entry.getKey() + ": " + entry.getValue().asText())
                    .collect(Collectors.joining("\n"));
        }

        private static String flow(JsonNode object) {
            return object.properties().stream()
                    .map(entry -> entry.getKey() + ": " + entry.getValue().asText())
                    .collect(Collectors.joining(", ", "{", "}"));
        }
    }

    Table {
        columns = List.copyOf(columns);
        numbers = Set.copyOf(numbers);
        rows = List.copyOf(rows);
    }

    /** A table without a title, from lines of values; a column whose name is taken gets a number after it. */
    static Table plain(List<String> names, Set<String> numbers, List<List<JsonNode>> lines) {
        List<String> columns = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (String name : names) {
            String unique = name;
            for (int i = 2; !taken.add(unique); i++) {
                unique = name + " " + i;
            }
            columns.add(unique);
        }
        List<Map<String, Cell>> rows = new ArrayList<>();
        for (List<JsonNode> line : lines) {
            Map<String, Cell> row = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                row.put(columns.get(i), new Cell(i < line.size() ? line.get(i) : NullNode.getInstance()));
            }
            rows.add(row);
        }
        return new Table("", columns, numbers, rows);
    }

    boolean hasTitle() {
        return !title.isEmpty();
    }

    /** What people see of the columns. */
    List<String> shownColumns() {
        return hasTitle() ? columns.subList(1, columns.size()) : columns;
    }
}
