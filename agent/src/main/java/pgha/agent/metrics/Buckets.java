package pgha.agent.metrics;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;

/** The bounds of our histograms, few and where decisions are taken. Immutable. */
final class Buckets {
    /** From a local store to its longest deadline. */
    static final List<Duration> STORE = millis(2, 5, 10, 25, 50, 100, 250, 500, 1000, 2000);

    /** From a switchover of a tenth of a second to a failover that waits for a long lease. */
    static final List<Duration> HANDOVER = millis(50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000);

    static final List<Duration> STALL = millis(100, 250, 500, 1000, 2500, 5000, 10000);

    /** In seconds; a margin below zero is the end of a term. */
    private static final double[] MARGIN = {0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 25};

    private Buckets() {}

    private static List<Duration> millis(long... bounds) {
        return java.util.Arrays.stream(bounds).mapToObj(Duration::ofMillis).toList();
    }

    static Timer.Builder timer(String name, List<Duration> bounds) {
        return Timer.builder(name).serviceLevelObjectives(bounds.toArray(Duration[]::new));
    }

    static DistributionSummary.Builder margins(String name) {
        return DistributionSummary.builder(name).baseUnit("seconds").serviceLevelObjectives(MARGIN);
    }
}
