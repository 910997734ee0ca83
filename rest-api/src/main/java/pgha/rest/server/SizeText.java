package pgha.rest.server;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pgha.dcs.model.ByteCount;

/** Reads a number of bytes as people write it in a query: {@code 1048576}, {@code 16kB}, {@code 1.5MB}. Pure. */
final class SizeText {
    private static final Pattern SIZE = Pattern.compile("\\s*\\+?(\\d{1,15}(?:\\.\\d{1,9})?)\\s*(B|kB|MB|GB|TB)?\\s*");

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
        return Optional.of(new ByteCount((long) Math.rint(Double.parseDouble(size.group(1)) * factor)));
    }
}
