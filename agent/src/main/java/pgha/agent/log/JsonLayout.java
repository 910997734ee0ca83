package pgha.agent.log;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A line as one JSON object: the fields asked for, the entry's own facts, then the static ones. Immutable. */
record JsonLayout(List<Slot> slots, Map<String, String> staticFields, AscTime time) implements LogLayout {
    /** A field whose attribute is known. */
    private record Slot(LogAttribute attribute, String name) {
        @Override
        public String toString() {
            return attribute.attributeName() + " as " + name;
        }
    }

    static JsonLayout of(List<Field> fields, Map<String, String> staticFields, AscTime time) {
        List<Slot> slots = new ArrayList<>();
        fields.forEach(field -> slots.add(new Slot(LogAttribute.parse(field.attribute()), field.name())));
        return new JsonLayout(List.copyOf(slots), new TreeMap<>(staticFields), time);
    }

    @Override
    public String print(LogEntry entry) {
        Map<String, Object> object = new LinkedHashMap<>();
        slots.forEach(slot -> object.put(slot.name(), valueOf(slot.attribute(), entry)));
        entry.pairs().forEach(pair -> object.putIfAbsent(pair.key(), pair.value()));
        entry.thrown().ifPresent(thrown -> object.put("exc_info", LogLayout.traceOf(thrown)));
        object.putAll(staticFields);
        StringBuilder line = new StringBuilder("{");
        object.forEach((name, value) -> appendMember(line, name, value));
        return line.append('}').toString();
    }

    @Override
    public String toString() {
        return "json " + slots + " " + staticFields + time;
    }

    /** Facts are members of their own here, so that the message stays without them. */
    private Object valueOf(LogAttribute attribute, LogEntry entry) {
        return attribute == LogAttribute.MESSAGE ? entry.message() : attribute.of(entry, time);
    }

    private static void appendMember(StringBuilder line, String name, Object value) {
        line.append(line.length() == 1 ? "" : ", ").append(quoted(name)).append(": ");
        line.append(value instanceof Number ? value.toString() : quoted(value.toString()));
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append((char) c);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> quoted.append(c < ' ' ? "\\u%04x".formatted(c) : Character.toString(c));
            }
        });
        return quoted.append('"').toString();
    }
}
