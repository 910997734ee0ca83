package pgha.lab.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Judges a journal: rows lost, writers that overlap, the outage that clients noticed. Pure. */
public final class Verdict {
    private Verdict() {}

    /** Acknowledged keys that are not among those {@code present} at the end. */
    public static Set<String> lost(List<Attempt> attempts, Set<String> present) {
        Set<String> lost = new TreeSet<>();
        attempts.stream()
                .filter(Attempt::isAcknowledged)
                .map(Attempt::key)
                .filter(key -> !present.contains(key))
                .forEach(lost::add);
        return lost;
    }

    /**
     * Where two writers acknowledged in overlapping intervals, in words; empty if they never did.
     *
     * <p>A writer is a timeline at work: its interval reaches from its first acknowledgement to its last, whoever it
     * answered. One node per timeline, and each interval ends before the next begins.
     */
    public static List<String> overlaps(List<Attempt> attempts) {
        Map<Integer, List<Attempt>> byTimeline = new TreeMap<>();
        attempts.stream().filter(Attempt::isAcknowledged).forEach(attempt -> byTimeline
                .computeIfAbsent(attempt.timeline(), timeline -> new ArrayList<>())
                .add(attempt));
        List<String> overlaps = new ArrayList<>(twoNodesOnOneTimeline(byTimeline));
        List<Attempt> before = List.of();
        for (List<Attempt> tenure : byTimeline.values()) {
            if (!before.isEmpty()) {
                long last = before.stream().mapToLong(Attempt::endedAt).max().orElseThrow();
                long first = tenure.stream().mapToLong(Attempt::endedAt).min().orElseThrow();
                if (first - last <= 0) {
                    overlaps.add("timeline " + before.getFirst().timeline() + " acknowledged "
                            + (last - first) / 1_000_000 + " ms after the first acknowledgement on timeline "
                            + tenure.getFirst().timeline());
                }
            }
            before = tenure;
        }
        return overlaps;
    }

    /** The longest time between two acknowledgements through the VIP that follow each other, from {@code from} on. */
    public static Duration longestGap(List<Attempt> attempts, long from, long to) {
        long previous = from;
        long longest = 0;
        for (Attempt attempt : attempts) {
            boolean counts = attempt.isAcknowledged()
                    && attempt.target().equals(Journal.VIP)
                    && attempt.endedAt() - from >= 0
                    && attempt.endedAt() - to <= 0;
            if (counts) {
                longest = Math.max(longest, attempt.endedAt() - previous);
                previous = attempt.endedAt();
            }
        }
        return Duration.ofNanos(Math.max(longest, to - previous));
    }

    /**
     * From the first attempt through the VIP that was not acknowledged, to the first acknowledgement after the last such
     * attempt; zero if there was none.
     */
    public static Duration outage(List<Attempt> attempts) {
        List<Attempt> viaVip = attempts.stream()
                .filter(attempt -> attempt.target().equals(Journal.VIP))
                .toList();
        List<Attempt> failed =
                viaVip.stream().filter(attempt -> !attempt.isAcknowledged()).toList();
        if (failed.isEmpty()) {
            return Duration.ZERO;
        }
        long from = failed.stream().mapToLong(Attempt::sentAt).min().orElseThrow();
        long lastFailed = failed.stream().mapToLong(Attempt::endedAt).max().orElseThrow();
        long to = viaVip.stream()
                .filter(Attempt::isAcknowledged)
                .mapToLong(Attempt::endedAt)
                .filter(end -> end - lastFailed > 0)
                .min()
                .orElse(lastFailed);
        return Duration.ofNanos(to - from);
    }

    /** How many attempts through the VIP that began in the interval were not acknowledged. */
    public static long notAcknowledged(List<Attempt> attempts, long from, long to) {
        return attempts.stream()
                .filter(attempt -> attempt.target().equals(Journal.VIP))
                .filter(attempt -> attempt.sentAt() - from >= 0 && attempt.sentAt() - to <= 0)
                .filter(attempt -> !attempt.isAcknowledged())
                .count();
    }

    private static List<String> twoNodesOnOneTimeline(Map<Integer, List<Attempt>> byTimeline) {
        List<String> found = new ArrayList<>();
        byTimeline.forEach((timeline, attempts) -> {
            Map<String, String> nodes = new HashMap<>();
            attempts.stream()
                    .filter(attempt -> !attempt.target().equals(Journal.VIP))
                    .forEach(attempt -> nodes.putIfAbsent(attempt.target(), attempt.key()));
            if (nodes.size() > 1) {
                found.add("timeline " + timeline + " was acknowledged by " + new TreeMap<>(nodes));
            }
        });
        return found;
    }
}
