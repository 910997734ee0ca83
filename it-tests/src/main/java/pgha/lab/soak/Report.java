package pgha.lab.soak;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What came of one round.
 *
 * @param began the faults that really were: in a pair one may find its object gone
 * @param outage the longest time in which nobody was acknowledged through the VIP; empty if the round could not be judged
 * @param notes what could not be done, or is excused
 * @param failures what nothing excuses; empty if all is well
 */
public record Report(
        Plan plan,
        List<Fault> began,
        Optional<Duration> outage,
        Duration recovery,
        int lostRows,
        long lostBytes,
        Duration directOverlap,
        Duration vipOverlap,
        List<String> notes,
        List<String> failures) {
    public Report {
        began = List.copyOf(began);
        notes = List.copyOf(notes);
        failures = List.copyOf(failures);
    }

    /** A round that could not be judged. */
    static Report broken(Plan plan, List<Fault> began, List<String> notes, String failure) {
        return new Report(
                plan,
                began,
                Optional.empty(),
                Duration.ZERO,
                0,
                0,
                Duration.ZERO,
                Duration.ZERO,
                notes,
                List.of(failure));
    }

    public boolean isClean() {
        return failures.isEmpty();
    }

    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder("%s: %s, outage %d ms, ready %d ms after healing, %d rows (%d bytes) lost,"
                        .formatted(
                                isClean() ? "ok" : "FAILED",
                                plan,
                                outage.map(Duration::toMillis).orElse(-1L),
                                recovery.toMillis(),
                                lostRows,
                                lostBytes));
        text.append(" overlap %d ms direct, %d ms VIP".formatted(directOverlap.toMillis(), vipOverlap.toMillis()));
        notes.forEach(note -> text.append("\n    note: ").append(note));
        failures.forEach(failure -> text.append("\n    FAILURE: ").append(failure));
        return text.toString();
    }
}
