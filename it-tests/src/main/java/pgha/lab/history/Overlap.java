package pgha.lab.history;

import java.time.Duration;

/**
 * Proof that a node went on serving after another had acknowledged on a later timeline.
 *
 * @param answer what it went on with
 * @param path how its clients reached it
 * @param until how long after the other's first acknowledgement the last such answer came
 * @param firstAt when the first such answer came, in nanoseconds of {@link System#nanoTime}; {@code lastAt}: the last
 */
public record Overlap(Server older, Server newer, Answer answer, Path path, Duration until, long firstAt, long lastAt) {
    /** This one from the first answer of both to the last. */
    Overlap and(Overlap other) {
        return new Overlap(
                older,
                newer,
                answer,
                path,
                until.compareTo(other.until) > 0 ? until : other.until,
                firstAt - other.firstAt < 0 ? firstAt : other.firstAt,
                lastAt - other.lastAt > 0 ? lastAt : other.lastAt);
    }

    /** What an answer gave its client. */
    public enum Answer {
        APPEND,
        READ
    }

    /** The way on which an answer came. */
    public enum Path {
        VIP,
        DIRECT
    }

    @Override
    public String toString() {
        return "%s still answered a%s %s %d ms after the first acknowledgement of %s"
                .formatted(
                        older,
                        answer == Answer.APPEND ? "n append" : " read",
                        path == Path.VIP ? "through the VIP" : "asked directly",
                        until.toMillis(),
                        newer);
    }
}
