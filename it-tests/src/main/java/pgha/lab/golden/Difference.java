package pgha.lab.golden;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A field of a document that two programs fill differently.
 *
 * @param field the path in JSON, row and column of a table, or the number of a line
 * @param theirs what Patroni has there, {@code -} for nothing; {@code ours} likewise
 */
public record Difference(String document, String field, String theirs, String ours) {
    private static final String NOTHING = "-";
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern TITLE = Pattern.compile("^\\+ (Cluster: [^-]*)");

    /** Every field that differs, by document and path. */
    public static List<Difference> between(SortedMap<String, String> theirs, SortedMap<String, String> ours) {
        List<Difference> all = new ArrayList<>();
        for (String document : union(theirs, ours)) {
            SortedMap<String, String> left = fields(document, theirs.getOrDefault(document, ""));
            SortedMap<String, String> right = fields(document, ours.getOrDefault(document, ""));
            for (String field : union(left, right)) {
                Difference difference = new Difference(
                        document, field, left.getOrDefault(field, NOTHING), right.getOrDefault(field, NOTHING));
                if (!difference.theirs().equals(difference.ours())) {
                    all.add(difference);
                }
            }
        }
        return all;
    }

    private static SortedSet<String> union(SortedMap<String, String> left, SortedMap<String, String> right) {
        SortedSet<String> all = new TreeSet<>(left.keySet());
        all.addAll(right.keySet());
        return all;
    }

    private static SortedMap<String, String> fields(String document, String text) {
        SortedMap<String, String> fields = new TreeMap<>();
        if (document.endsWith(".json") && !text.isEmpty()) {
            flatten("", parse(text), fields);
        } else if (document.startsWith("tables/") && !document.endsWith("show-config.txt")) {
            cells(text, fields);
        } else {
            List<String> lines = text.lines().toList();
            for (int line = 0; line < lines.size(); line++) {
                fields.put("line %02d".formatted(line + 1), lines.get(line).stripTrailing());
            }
        }
        return fields;
    }

    /** By row and column; of the rules between them only the title counts, which is in the first. */
    private static void cells(String text, SortedMap<String, String> fields) {
        List<String> names = List.of();
        int number = 0;
        for (String line : text.lines().toList()) {
            Matcher title = TITLE.matcher(line);
            if (title.find()) {
                fields.put("title", title.group(1).strip());
            } else if (!line.startsWith("+")) {
                List<String> cells = cells(line);
                if (names.isEmpty()) {
                    names = cells;
                    fields.put("columns", String.join(",", cells));
                } else {
                    // A value of several lines leaves the row's first cell empty from the second on.
                    number += cells.getFirst().isEmpty() ? 0 : 1;
                    row(number, names, cells, fields);
                }
            }
        }
    }

    private static List<String> cells(String line) {
        String[] cells = line.startsWith("|")
                ? line.substring(1).stripTrailing().replaceFirst("[|]$", "").split("\\|", -1)
                : line.split("\t", -1);
        return Stream.of(cells).map(String::strip).toList();
    }

    private static void row(int number, List<String> names, List<String> cells, SortedMap<String, String> fields) {
        boolean continued = cells.getFirst().isEmpty();
        for (int i = 0; i < Math.min(names.size(), cells.size()); i++) {
            String cell = cells.get(i);
            if (!continued || !cell.isEmpty()) {
                fields.merge("row %d, %s".formatted(number, names.get(i)), cell, (a, b) -> a + " and " + b);
            }
        }
    }

    private static void flatten(String path, JsonNode node, SortedMap<String, String> fields) {
        if (!node.isContainerNode()) {
            fields.put(path, node.toString());
        }
        node.properties().forEach(field -> flatten(path + "." + field.getKey(), field.getValue(), fields));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            flatten(path + "[" + i + "]", node.get(i), fields);
        }
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + text, e);
        }
    }

    @Override
    public String toString() {
        return "%s | %s | %s | %s".formatted(document, field, theirs, ours).stripTrailing();
    }
}
