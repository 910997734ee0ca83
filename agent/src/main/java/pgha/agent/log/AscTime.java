package pgha.agent.log;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;

/** Prints an entry's time as Python's {@code asctime}: with milliseconds, or as {@code log.dateformat} says. */
record AscTime(ZoneId zone, Optional<Strftime> format) {
    private static final Strftime DEFAULT = Strftime.parse("%Y-%m-%d %H:%M:%S");

    static AscTime here(Optional<String> dateFormat) {
        return new AscTime(ZoneId.systemDefault(), dateFormat.map(Strftime::parse));
    }

    String print(Instant at) {
        ZonedDateTime time = at.atZone(zone);
        return format.map(given -> given.print(time))
                .orElseGet(() -> DEFAULT.print(time) + ",%03d".formatted(time.getNano() / 1_000_000));
    }

    /** For those who print a layout: nothing if dates look as usual. */
    @Override
    public String toString() {
        return format.map(given -> " with dates as " + given).orElse("");
    }
}
