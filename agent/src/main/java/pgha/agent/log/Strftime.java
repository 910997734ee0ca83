package pgha.agent.log;

import java.time.DayOfWeek;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * A date format in the syntax of strftime(3), as {@code log.dateformat} is written.
 *
 * <p>Immutable. Names are English, as in the C locale; the time zone is that of the time to print.
 */
final class Strftime {
    private static final Map<Character, String> PATTERNS = Map.ofEntries(
            Map.entry('a', "EEE"),
            Map.entry('A', "EEEE"),
            Map.entry('b', "MMM"),
            Map.entry('B', "MMMM"),
            Map.entry('c', "EEE MMM ppd HH:mm:ss yyyy"),
            Map.entry('d', "dd"),
            Map.entry('D', "MM/dd/yy"),
            Map.entry('e', "ppd"),
            Map.entry('f', "SSSSSS"),
            Map.entry('F', "yyyy-MM-dd"),
            Map.entry('G', "YYYY"),
            Map.entry('h', "MMM"),
            Map.entry('H', "HH"),
            Map.entry('I', "hh"),
            Map.entry('j', "DDD"),
            Map.entry('k', "ppH"),
            Map.entry('l', "pph"),
            Map.entry('m', "MM"),
            Map.entry('M', "mm"),
            Map.entry('p', "a"),
            Map.entry('r', "hh:mm:ss a"),
            Map.entry('R', "HH:mm"),
            Map.entry('S', "ss"),
            Map.entry('T', "HH:mm:ss"),
            Map.entry('V', "ww"),
            Map.entry('x', "MM/dd/yy"),
            Map.entry('X', "HH:mm:ss"),
            Map.entry('y', "yy"),
            Map.entry('Y', "yyyy"),
            Map.entry('z', "xx"),
            Map.entry('Z', "zzz"));

    private final String format;
    private final List<Function<ZonedDateTime, String>> pieces;

    private Strftime(String format, List<Function<ZonedDateTime, String>> pieces) {
        this.format = format;
        this.pieces = List.copyOf(pieces);
    }

    static Strftime parse(String format) {
        List<Function<ZonedDateTime, String>> pieces = new ArrayList<>();
        int at = 0;
        while (at < format.length()) {
            int percent = format.indexOf('%', at);
            String literal = format.substring(at, percent < 0 ? format.length() : percent);
            pieces.add(time -> literal);
            if (percent < 0) {
                break;
            }
            if (percent + 1 == format.length()) {
                throw unknown(format, "");
            }
            pieces.add(directive(format, format.charAt(percent + 1)));
            at = percent + 2;
        }
        return new Strftime(format, pieces);
    }

    String print(ZonedDateTime time) {
        StringBuilder text = new StringBuilder();
        pieces.forEach(piece -> text.append(piece.apply(time)));
        return text.toString();
    }

    @Override
    public String toString() {
        return format;
    }

    private static Function<ZonedDateTime, String> directive(String format, char letter) {
        return switch (letter) {
            case '%' -> time -> "%";
            case 'n' -> time -> "\n";
            case 't' -> time -> "\t";
            case 's' -> time -> Long.toString(time.toEpochSecond());
            case 'C' -> time -> twoDigits(time.getYear() / 100);
            case 'u' -> time -> Integer.toString(time.getDayOfWeek().getValue());
            case 'w' -> time -> Integer.toString(time.getDayOfWeek().getValue() % 7);
            case 'U' -> time -> twoDigits(weekOfYear(time, DayOfWeek.SUNDAY));
            case 'W' -> time -> twoDigits(weekOfYear(time, DayOfWeek.MONDAY));
            default -> patterned(format, letter);
        };
    }

    private static Function<ZonedDateTime, String> patterned(String format, char letter) {
        String pattern = PATTERNS.get(letter);
        if (pattern == null) {
            throw unknown(format, Character.toString(letter));
        }
        // The root locale counts weeks from Monday as ISO 8601 does, but has no English names.
        Locale locale = letter == 'V' || letter == 'G' ? Locale.forLanguageTag("en-GB") : Locale.US;
        return DateTimeFormatter.ofPattern(pattern, locale)::format;
    }

    /** Weeks begin on {@code first}; the days before the year's first such day are week 0. */
    private static int weekOfYear(ZonedDateTime time, DayOfWeek first) {
        int daysSince = Math.floorMod(time.getDayOfWeek().getValue() - first.getValue(), 7);
        return (time.getDayOfYear() - 1 + 7 - daysSince) / 7;
    }

    private static String twoDigits(int number) {
        return "%02d".formatted(number);
    }

    private static IllegalArgumentException unknown(String format, String letter) {
        return new IllegalArgumentException(
                "not a date format: \"" + format + "\" has %" + letter + ", which strftime does not know");
    }
}
