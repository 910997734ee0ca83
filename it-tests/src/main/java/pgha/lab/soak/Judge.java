package pgha.lab.soak;

import java.util.ArrayList;
import java.util.List;
import pgha.lab.history.Append.Ack;
import pgha.lab.history.FinalState;
import pgha.lab.history.Findings;
import pgha.lab.history.History;
import pgha.lab.history.Overlap;
import pgha.lab.soak.Arena.Replication;

/** Says which findings the strikes of a round do not excuse; with synchronous replication no loss at all. Pure. */
final class Judge {
    /** As the lab's clusters have it. */
    static final long MAXIMUM_LAG_ON_FAILOVER = 1_048_576;

    private static final int ROWS_NAMED = 5;

    private final Excuses excuses;
    private final Replication replication;
    private final History history;

    Judge(List<Hit> hits, Replication replication, History history) {
        this.excuses = new Excuses(hits, replication);
        this.replication = replication;
        this.history = history;
    }

    /** The failures, in words; {@code published} is the position that etcd had before the faults. */
    List<String> failures(Findings findings, FinalState end, long published) {
        List<String> failures = new ArrayList<>(findings.violations());
        findings.overlaps().stream()
                .filter(overlap -> !excuses.overlap(overlap))
                .map(Overlap::toString)
                .forEach(failures::add);
        List<Ack> lost = findings.lost();
        List<Ack> unexcused = lost.stream()
                .filter(ack -> !excuses.loss(ack, overtakenAt(ack)))
                .toList();
        if (!unexcused.isEmpty()) {
            failures.add(unexcused.size() + " acknowledged rows are lost although "
                    + (replication == Replication.SYNCHRONOUS
                            ? "replication is synchronous: "
                            : "nothing took the node that wrote them: ")
                    + named(unexcused));
        }
        for (int timeline :
                lost.stream().map(ack -> ack.by().timeline()).distinct().toList()) {
            long lag = published - end.leftAt(timeline).orElse(published);
            if (lag > MAXIMUM_LAG_ON_FAILOVER) {
                failures.add("timeline " + timeline + " was left " + lag + " bytes before what etcd had as written;"
                        + " maximum_lag_on_failover is " + MAXIMUM_LAG_ON_FAILOVER);
            }
        }
        return failures;
    }

    /** The first acknowledgement on a later timeline; its own if there is none, so that nothing later excuses it. */
    private long overtakenAt(Ack lost) {
        return history.acknowledged().stream()
                .filter(ack -> ack.by().timeline() > lost.by().timeline())
                .mapToLong(ack -> ack.call().endedAt())
                .reduce((one, other) -> other - one < 0 ? other : one)
                .orElse(lost.call().endedAt());
    }

    /** The first few, and where they were acknowledged. */
    static String named(List<Ack> lost) {
        List<String> words = lost.stream().limit(ROWS_NAMED).map(Ack::toString).toList();
        return String.join("; ", words) + (lost.size() > ROWS_NAMED ? "; ..." : "");
    }
}
