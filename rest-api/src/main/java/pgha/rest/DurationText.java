package pgha.rest;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a length of time as people write it in an order: {@code 60}, {@code 1.5min}. Pure. */
public final class DurationText {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?) *(us|ms|s|min|h|d)?");

    private DurationText() {}

    /** In seconds where no unit is given; empty if the text is no such length, or none. */
    public static Optional<Duration> parse(String text) {
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        double seconds = Double.parseDouble(matcher.group(1))
                * switch (Optional.ofNullable(matcher.group(2)).orElse("s")) {
                    case "us" -> 1e-6;
                    case "ms" -> 1e-3;
                    case "min" -> 60;
                    case "h" -> 3600;
                    case "d" -> 86400;
                    default -> 1;
                };
        return Optional.of(Duration.ofSeconds(Math.round(seconds))).filter(Duration::isPositive);
    }
}
