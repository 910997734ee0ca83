package pgha.agent.os;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * The date and time that people read: log lines, history, schedules.
 *
 * <p>Thread-safe. It may jump either way at any time: never the base of a deadline.
 */
public final class WallClock {
    public Instant now() {
        return Instant.now();
    }

    /** Now, in the host's time zone. */
    public ZonedDateTime nowHere() {
        return now().atZone(ZoneId.systemDefault());
    }
}
