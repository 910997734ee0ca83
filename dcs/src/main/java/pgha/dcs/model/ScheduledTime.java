package pgha.dcs.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time of day at which something is to happen, as operators write it and as it is stored.
 *
 * <p>Immutable. What may be left out of ISO 8601 is what Patroni lets one leave out; without a zone nobody knows which
 * moment is meant, so that it is for the reader to refuse it or to add one.
 */
public record ScheduledTime(LocalDateTime local, Optional<ZoneOffset> zone) {
    private static final Pattern TEXT =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\d)[T ](\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?) ?"
                    + "([zZ]|[+-]\\d\\d(?::?\\d\\d)?)?");
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS", Locale.ROOT);
    private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("xxx", Locale.ROOT);

    /** Empty if it cannot be read as a date and a time. */
    public static Optional<ScheduledTime> parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            LocalDateTime local = LocalDateTime.parse(matcher.group(1) + "T" + matcher.group(2));
            return Optional.of(new ScheduledTime(
                    local, Optional.ofNullable(matcher.group(3)).map(ZoneOffset::of)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The same, in {@code place}'s time if it was written without a zone. */
    public ScheduledTime in(ZoneId place) {
        return new ScheduledTime(
                local, zone.or(() -> Optional.of(place.getRules().getOffset(local))));
    }

    /** Empty without a zone. */
    public Optional<Instant> instant() {
        return zone.map(local::toInstant);
    }

    /** As Python's {@code isoformat} writes it. */
    @Override
    public String toString() {
        String date = (local.get(ChronoField.MICRO_OF_SECOND) == 0 ? SECONDS : MICROSECONDS).format(local);
        return date + zone.map(OFFSET::format).orElse("");
    }
}
