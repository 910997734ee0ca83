package pgha.agent.ha;

import java.time.Duration;

/**
 * All durations that follow from the TTL of the lease.
 *
 * <p>Immutable. One that exists is safe: it leaves room for two renewals and a late answer before we step down.
 */
public record Timing(Duration ttl) {
    /** Two clocks that each run within 500 ppm of true time differ by at most this much of what they measure. */
    private static final long DRIFT_DIVISOR = 1000;

    public static final Duration SHORTEST_TTL = Duration.ofSeconds(5);

    /** @throws IllegalArgumentException with the arithmetic, if the TTL is too short to be safe */
    public Timing {
        Duration needed = renewEvery(ttl).multipliedBy(2).plus(requestTimeout(ttl));
        Duration left =
                ttl.minus(killBudget(ttl)).minus(ttl.dividedBy(DRIFT_DIVISOR)).minus(stopBudget(ttl));
        if (left.compareTo(needed) < 0) {
            throw new IllegalArgumentException(
                    "ttl: %s is too short: renewing every %s (twice), a request timeout of %s,"
                                    .formatted(text(ttl), text(renewEvery(ttl)), text(requestTimeout(ttl)))
                            + " %s to stop and %s to kill do not fit; the shortest is %s"
                                    .formatted(text(stopBudget(ttl)), text(killBudget(ttl)), text(SHORTEST_TTL)));
        }
    }

    public Duration renewEvery() {
        return renewEvery(ttl);
    }

    /** How long one request about a lease may take. */
    public Duration requestTimeout() {
        return requestTimeout(ttl);
    }

    /** From the decision to kill until the last backend is gone. */
    public Duration killBudget() {
        return killBudget(ttl);
    }

    /** How long a stop in good order may take before force is used. */
    public Duration stopBudget() {
        return stopBudget(ttl);
    }

    /** By how much our clock and the store's may have come apart over {@code stretch}. */
    public Duration driftOver(Duration stretch) {
        return stretch.dividedBy(DRIFT_DIVISOR);
    }

    /** How long one look of the loop is good for: the loop looks at least once a second. */
    public Duration vouchFor() {
        return renewEvery().plusSeconds(1);
    }

    private static Duration renewEvery(Duration ttl) {
        return ttl.dividedBy(5);
    }

    private static Duration requestTimeout(Duration ttl) {
        long millis = Math.clamp(ttl.toMillis() / 10, 500, 2000);
        return Duration.ofMillis(millis);
    }

    private static Duration killBudget(Duration ttl) {
        return ttl.compareTo(Duration.ofSeconds(10)) <= 0 ? Duration.ofSeconds(1) : Duration.ofMillis(1500);
    }

    private static Duration stopBudget(Duration ttl) {
        return Duration.ofMillis(Math.min(ttl.toMillis() / 4, 3000));
    }

    private static String text(Duration duration) {
        return "%.1fs".formatted(duration.toMillis() / 1000.0);
    }
}
