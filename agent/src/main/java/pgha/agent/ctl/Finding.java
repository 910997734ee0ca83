package pgha.agent.ctl;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Something that is wrong or risky, and what to do about it.
 *
 * <p>Immutable.
 *
 * @param next the next step, as an order
 */
record Finding(Urgency urgency, String sentence, String next) {
    /** How soon somebody has to act; the first is the most urgent. */
    enum Urgency {
        /** The cluster does not serve, or would not after one more failure. */
        NOW,
        /** Redundancy or safety margin is reduced. */
        SOON,
        /** Worth knowing. */
        NOTE
    }

    static Finding now(String sentence, String next) {
        return new Finding(Urgency.NOW, sentence, next);
    }

    static Finding soon(String sentence, String next) {
        return new Finding(Urgency.SOON, sentence, next);
    }

    static Finding note(String sentence, String next) {
        return new Finding(Urgency.NOTE, sentence, next);
    }

    /** The most urgent first, one line each. */
    static String print(List<Finding> findings) {
        return findings.stream()
                .sorted(Comparator.comparing(Finding::urgency))
                .map(finding -> "%-5s %s; %s\n"
                        .formatted(
                                finding.urgency().name().toLowerCase(Locale.ROOT), finding.sentence(), finding.next()))
                .collect(Collectors.joining());
    }
}
