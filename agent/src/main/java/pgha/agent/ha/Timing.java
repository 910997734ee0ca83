package pgha.agent.ha;

import java.time.Duration;

/**
 * All durations that follow from the TTL of the lease.
 *
 * <p>Immutable. One that exists is safe: it leaves room for two renewals and a late answer before we step down, and after
 * that for the slowest kill and the latest end of an address that were measured ({@code docs/margins.md}).
 */
public record Timing(Duration ttl) {
    /** Two clocks that each run within 500 ppm of true time differ by at most this much of what they measure. */
    private static final long DRIFT_DIVISOR = 1000;

    public static final Duration SHORTEST_TTL = Duration.ofSeconds(5);

    /**
     * How much later than asked the kernel drops an address, at worst. Measured; see {@code docs/margins.md}, and
     * {@code AddressLifetime} of the module vip, which reckons with the same.
     */
    static final Duration ADDRESS_LATENESS = Duration.ofMillis(1250);

    /** The kernel counts the lifetime of an address in whole seconds. */
    private static final Duration ADDRESS_STEP = Duration.ofSeconds(1);

    /** @throws IllegalArgumentException with the arithmetic, if the TTL is too short to be safe */
    public Timing {
        Duration stopAndKill = stopBudget(ttl).plus(killBudget(ttl));
        Duration needed = renewEvery(ttl).multipliedBy(2).plus(requestTimeout(ttl));
        Duration left = ttl.minus(ttl.dividedBy(DRIFT_DIVISOR)).minus(stopAndKill);
        Duration addressNeeds = ADDRESS_LATENESS.plus(ADDRESS_STEP);
        if (left.compareTo(needed) < 0 || stopAndKill.compareTo(addressNeeds) < 0) {
            throw new IllegalArgumentException(
                    "ttl: %s is too short: less %s to stop and %s to kill PostgreSQL it leaves %s"
                                    .formatted(text(ttl), text(stopBudget(ttl)), text(killBudget(ttl)), text(left))
                            + " for two renewals (every %s) and a request timeout of %s, which need %s;"
                                    .formatted(text(renewEvery(ttl)), text(requestTimeout(ttl)), text(needed))
                            + " and within the %s of stop and kill the kernel has to drop the address, which takes it"
                                    .formatted(text(stopAndKill))
                            + " %s (%s late, in steps of %s); the shortest is %s"
                                    .formatted(
                                            text(addressNeeds),
                                            text(ADDRESS_LATENESS),
                                            text(ADDRESS_STEP),
                                            text(SHORTEST_TTL)));
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
        String format = duration.toMillis() % 100 == 0 ? "%.1fs" : "%.2fs";
        return format.formatted(duration.toMillis() / 1000.0);
    }
}
