package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import pgha.lab.LabException;
import pgha.lab.Patience;
import pgha.lab.cluster.LabCluster;
import pgha.lab.workload.Attempt;
import pgha.lab.workload.Journal;
import pgha.lab.workload.Verdict;
import pgha.lab.workload.VipSampler.Holding;
import pgha.lab.workload.Workload;

/**
 * What the clients and the kernels saw of one fault under load.
 *
 * @param faultAt just before the fault; {@code settledAt}: when the cluster had dealt with it; nanoseconds
 * @param lost acknowledged keys that are missing at the end
 */
record Observed(
        String fault,
        long faultAt,
        long settledAt,
        List<Attempt> attempts,
        Set<String> lost,
        List<Holding> vipChanges) {
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(30);
    /** Rows acknowledged earlier than this before a fault have long been replicated where replication works. */
    private static final long SURELY_REPLICATED_NANOS = Duration.ofMillis(200).toNanos();

    /** Puts the cluster under load, does it, waits for {@code settled} and for clients to write again, and looks back. */
    static Observed during(LabCluster cluster, String fault, Runnable action, Duration limit, BooleanSupplier settled) {
        Workload workload = Workload.start(cluster);
        try (workload) {
            long faultAt = System.nanoTime();
            action.run();
            if (!Patience.until(limit, settled)) {
                throw new LabException(fault + " is not dealt with after " + limit.toSeconds() + " s; VIP at "
                        + cluster.vipHolders() + "; the agents' last words:\n" + cluster.explain());
            }
            long settledAt = System.nanoTime();
            workload.awaitWritesAfter(settledAt, WRITE_LIMIT);
            workload.close();
            List<Attempt> attempts = workload.journal().attempts();
            Set<String> lost = Verdict.lost(attempts, Workload.present(cluster));
            Observed observed = new Observed(
                    fault, faultAt, settledAt, attempts, lost, workload.vip().changes());
            System.out.println(observed.summary());
            return observed;
        }
    }

    /** Nothing acknowledged is lost, no two nodes acknowledged at once, at most one kernel had the VIP. */
    Observed isSafe() {
        assertThat(lost).as(fault + ": acknowledged rows that are missing").isEmpty();
        return hasOneWriter();
    }

    /**
     * As {@link #isSafe} where an asynchronous primary vanishes with what it had not sent yet: only rows acknowledged at
     * its very end may be missing.
     */
    Observed isSafeButForTheLastInstant() {
        Set<String> early = new TreeSet<>();
        attempts.stream()
                .filter(Attempt::isAcknowledged)
                .filter(attempt -> attempt.endedAt() - faultAt < -SURELY_REPLICATED_NANOS)
                .filter(attempt -> lost.contains(attempt.key()))
                .forEach(attempt -> early.add(attempt.key()));
        assertThat(early)
                .as(fault + ": missing rows that had long been replicated")
                .isEmpty();
        return hasOneWriter();
    }

    Observed hasOneWriter() {
        assertThat(Verdict.overlaps(attempts))
                .as(fault + ": writers at the same time")
                .isEmpty();
        assertThat(vipChanges.stream().filter(change -> change.hosts().size() > 1))
                .as(fault + ": the VIP at two hosts")
                .isEmpty();
        return this;
    }

    /** No client noticed anything. */
    Observed isUnnoticed() {
        List<String> refused = attempts.stream()
                .filter(attempt -> attempt.target().equals(Journal.VIP))
                .filter(attempt -> !attempt.isAcknowledged())
                .map(attempt -> "%s %d ms after the fault: %s %s"
                        .formatted(
                                attempt.client(),
                                (attempt.endedAt() - faultAt) / 1_000_000,
                                attempt.end(),
                                attempt.detail()))
                .toList();
        assertThat(refused)
                .as(fault + ": attempts through the VIP that were not acknowledged")
                .isEmpty();
        return this;
    }

    /** The first moment at which the VIP was seen elsewhere than before the fault. */
    long movedAt() {
        Set<String> before = vipChanges.getFirst().hosts();
        return vipChanges.stream()
                .filter(change -> !change.hosts().isEmpty() && !change.hosts().equals(before))
                .mapToLong(Holding::at)
                .findFirst()
                .orElseThrow(() -> new LabException(fault + ": the VIP never moved: " + vipChanges));
    }

    private String summary() {
        long lastAcknowledged = attempts.stream()
                .filter(attempt -> attempt.isAcknowledged() && attempt.target().equals(Journal.VIP))
                .mapToLong(Attempt::endedAt)
                .max()
                .orElse(settledAt);
        return "%s: writes stood still for %d ms, %d attempts not acknowledged, %d acknowledged rows lost, VIP %s"
                .formatted(
                        fault,
                        Verdict.longestGap(attempts, faultAt, lastAcknowledged).toMillis(),
                        Verdict.notAcknowledged(attempts, faultAt, lastAcknowledged),
                        lost.size(),
                        vipChanges.stream().map(this::spell).collect(Collectors.joining(", ")));
    }

    private String spell(Holding holding) {
        return (holding.hosts().isEmpty() ? "nowhere" : "at " + String.join(" and ", holding.hosts())) + " from "
                + (holding.at() - faultAt) / 1_000_000 + " ms";
    }
}
