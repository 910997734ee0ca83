package pgha.agent.ctl;

import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import pgha.dcs.model.ScheduledTime;

/** Reads a moment as people write it. Pure. */
final class Schedule {
    private static final DateTimeFormatter EXAMPLE = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:00", Locale.ROOT);

    private Schedule() {}

    /** A moment that a person could have meant: the next full hour. */
    static String example(ZonedDateTime now) {
        return EXAMPLE.format(now.plusHours(1));
    }

    /**
     * The moment with its offset; empty for now.
     *
     * @param zone of a moment that is written without one
     */
    static Optional<String> parse(String text, ZoneId zone) throws CommandFailed {
        String trimmed = text.trim();
        if (trimmed.isEmpty() || trimmed.equalsIgnoreCase("now")) {
            return Optional.empty();
        }
        ScheduledTime time = ScheduledTime.parse(trimmed)
                .orElseThrow(() -> new CommandFailed("Unable to parse scheduled timestamp (" + trimmed
                        + "). It should be in an unambiguous format (e.g. ISO 8601)"));
        return Optional.of(time.in(zone).toString());
    }
}
