package pgha.agent.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A line as Python's logging prints it: text with {@code %(attribute)s} in it. Immutable. */
record PlainLayout(String format, List<Piece> pieces, AscTime time) implements LogLayout {
    private static final Pattern DIRECTIVE =
            Pattern.compile("%(?:%|\\((\\w*)\\)([#0\\- +]*)(\\d*)(?:\\.(\\d+))?([diouxXeEfFgGsra]))");

    /** A stretch of a format. */
    sealed interface Piece {}

    /** Printed as it is. */
    private record Literal(String text) implements Piece {}

    /** Printed from the entry, by a directive of Python's that became one of Java's. */
    private record Slot(LogAttribute attribute, String directive) implements Piece {
        String print(LogEntry entry, AscTime time) {
            Object value = attribute.of(entry, time);
            return switch (directive.charAt(directive.length() - 1)) {
                case 'd', 'o', 'x', 'X' -> directive.formatted(number(value).longValue());
                case 's' -> directive.formatted(value);
                default -> String.format(Locale.ROOT, directive, number(value).doubleValue());
            };
        }

        private static Number number(Object value) {
            return value instanceof Number number ? number : 0;
        }
    }

    static PlainLayout parse(String format, AscTime time) {
        List<Piece> pieces = new ArrayList<>();
        Matcher matcher = DIRECTIVE.matcher(format);
        int at = 0;
        while (matcher.find()) {
            pieces.add(literal(format, at, matcher.start()));
            pieces.add(matcher.group(5) == null ? new Literal("%") : slot(matcher));
            at = matcher.end();
        }
        pieces.add(literal(format, at, format.length()));
        return new PlainLayout(format, List.copyOf(pieces), time);
    }

    @Override
    public String print(LogEntry entry) {
        StringBuilder line = new StringBuilder();
        for (Piece piece : pieces) {
            line.append(
                    switch (piece) {
                        case Literal literal -> literal.text();
                        case Slot slot -> slot.print(entry, time);
                    });
        }
        entry.thrown().ifPresent(thrown -> line.append('\n').append(LogLayout.traceOf(thrown)));
        return line.toString();
    }

    @Override
    public String toString() {
        return format + time;
    }

    List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        for (Piece piece : pieces) {
            if (piece instanceof Slot slot) {
                String name = slot.attribute().attributeName();
                fields.add(new Field(name, name));
            }
        }
        return fields;
    }

    private static Literal literal(String format, int from, int to) {
        String text = format.substring(from, to);
        if (text.indexOf('%') >= 0) {
            throw new IllegalArgumentException("not a log format: \"" + format + "\" has a % in \"" + text
                    + "\" that begins nothing; expected forms like %(message)s, and %% for a percent sign");
        }
        return new Literal(text);
    }

    private static Slot slot(Matcher matcher) {
        LogAttribute attribute = LogAttribute.parse(matcher.group(1));
        String width = matcher.group(3);
        String precision = matcher.group(4) == null ? "" : "." + matcher.group(4);
        char type = matcher.group(5).charAt(0);
        return switch (type) {
            case 's', 'r', 'a' -> new Slot(attribute, "%" + kept(matcher, "-", width) + width + precision + "s");
            case 'd', 'i', 'u' -> new Slot(attribute, "%" + kept(matcher, "-0+ ", width) + width + "d");
            case 'o', 'x', 'X' -> new Slot(attribute, "%" + kept(matcher, "-0#", width) + width + type);
            case 'F' -> new Slot(attribute, "%" + kept(matcher, "-0+ ", width) + width + precision + "f");
            default -> new Slot(attribute, "%" + kept(matcher, "-0+ ", width) + width + precision + type);
        };
    }

    /** The flags that Java has too; it refuses alignment without a width, and "-" together with "0". */
    private static String kept(Matcher matcher, String known, String width) {
        StringBuilder flags = new StringBuilder();
        for (char flag : matcher.group(2).toCharArray()) {
            boolean aligns = flag == '-' || flag == '0';
            boolean outdone = flag == '0' && matcher.group(2).indexOf('-') >= 0;
            if (known.indexOf(flag) >= 0 && !(aligns && width.isEmpty()) && !outdone && flags.indexOf("" + flag) < 0) {
                flags.append(flag);
            }
        }
        return flags.toString();
    }
}
