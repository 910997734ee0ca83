package pgha.rest.server;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pgha.dcs.model.ByteCount;

/**
 * Reads a number of bytes as people write it in a query: {@code 1048576}, {@code 16kB}, {@code 1.5MB}, {@code 0x100000}.
 *
 * <p>Pure. As in PostgreSQL's own settings, hexadecimal and octal numbers are understood.
 */
final class SizeText {
    private static final Pattern SIZE = Pattern.compile(
            "\\s*\\+?(0[xX][0-9a-fA-F]{1,12}|\\d{1,15}(?:\\.\\d{0,9})?(?:[eE][+-]?\\d{1,2})?)\\s*(B|kB|MB|GB|TB)?\\s*");

    private SizeText() {}

    /** Empty if the text is no such number; what cannot be read sets no limit. */
    static Optional<ByteCount> parse(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            return Optional.empty();
        }
        String unit = size.group(2) == null ? "B" : size.group(2);
        long factor =
                switch (unit) {
                    case "kB" -> 1L << 10;
                    case "MB" -> 1L << 20;
                    case "GB" -> 1L << 30;
                    case "TB" -> 1L << 40;
                    default -> 1;
                };
        return number(size.group(1)).map(value -> new ByteCount((long) Math.rint(value * factor)));
    }

    private static Optional<Double> number(String text) {
        if (text.startsWith("0x") || text.startsWith("0X")) {
            return Optional.of((double) Long.parseLong(text, 2, text.length(), 16));
        }
        boolean octal = text.matches("0\\d+");
        return octal && text.matches(".*[89].*")
                ? Optional.empty()
                : Optional.of(octal ? (double) Long.parseLong(text, 8) : Double.parseDouble(text));
    }
}
