package pgha.lab.history;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import pgha.lab.history.Append.Ack;

/**
 * What a history shows, judged by nobody yet: whether a loss or an overlap is allowed depends on the fault.
 *
 * @param violations broken rules that no fault excuses, in words
 * @param lost acknowledged appends that are not in the final state
 */
public record Findings(List<String> violations, List<Ack> lost, List<Overlap> overlaps, OptionalLong lostBytes) {
    public Findings {
        violations = List.copyOf(violations);
        lost = List.copyOf(lost);
        overlaps = List.copyOf(overlaps);
    }

    /** The longest proven overlap on that way; zero if there is none. */
    public Duration overlap(Overlap.Path path) {
        return overlaps.stream()
                .filter(overlap -> overlap.path() == path)
                .map(Overlap::until)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }
}
