package pgha.agent.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns an entry into what is written, without the line's end. Immutable. */
public sealed interface LogLayout permits PlainLayout, JsonLayout {
    /** Patroni's {@code log.format} unless another is given. */
    String DEFAULT_FORMAT = "%(asctime)s %(levelname)s: %(message)s";

    /** One field of a JSON line: the attribute of the entry, and the name it gets. */
    record Field(String attribute, String name) {}

    /**
     * {@code log.type: plain}: text in Python's {@code %} syntax.
     *
     * @throws IllegalArgumentException if the format or the date format cannot be understood; the message says why
     */
    static LogLayout plain(String format, Optional<String> dateFormat) {
        return PlainLayout.parse(format, AscTime.here(dateFormat));
    }

    /**
     * {@code log.type: json}: one object a line; {@code staticFields} come last and are the same in each.
     *
     * @throws IllegalArgumentException if a field or the date format cannot be understood; the message says why
     */
    static LogLayout json(List<Field> fields, Map<String, String> staticFields, Optional<String> dateFormat) {
        return JsonLayout.of(fields, staticFields, AscTime.here(dateFormat));
    }

    /** The fields that a plain format names, for a JSON layout that was given one instead of a list. */
    static List<Field> fieldsIn(String format) {
        return PlainLayout.parse(format, AscTime.here(Optional.empty())).fields();
    }

    /** {@return what to write of one entry; more than one line if it carries an exception} */
    String print(LogEntry entry);

    /** The trace as the JDK prints it, without the last line's end. */
    static String traceOf(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return trace.toString().stripTrailing();
    }
}
