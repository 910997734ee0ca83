package pgha.lab.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import pgha.lab.history.Append.Ack;
import pgha.lab.history.FinalState;
import pgha.lab.history.Findings;
import pgha.lab.history.Overlap;
import pgha.lab.soak.Arena.Replication;

/** Says which findings the faults of a round do not excuse; with synchronous replication no loss at all. Pure. */
final class Judge {
    /** As the lab's clusters have it. */
    static final long MAXIMUM_LAG_ON_FAILOVER = 1_048_576;

    private static final int ROWS_NAMED = 5;

    private final Set<Fault> faults;
    private final Replication replication;

    Judge(Set<Fault> faults, Replication replication) {
        this.faults = faults;
        this.replication = replication;
    }

    /** The failures, in words; {@code published} is the position that etcd had before the faults. */
    List<String> failures(Findings findings, FinalState end, long published) {
        List<String> failures = new ArrayList<>(findings.violations());
        boolean excused = Fault.excuseDirectOverlap(faults);
        findings.overlaps().stream()
                .filter(overlap -> overlap.path() == Overlap.Path.VIP || !excused)
                .map(Overlap::toString)
                .forEach(failures::add);
        List<Ack> lost = findings.lost();
        List<Ack> unexcused = lost.stream().filter(ack -> !excusesLoss(ack)).toList();
        if (!unexcused.isEmpty()) {
            failures.add(unexcused.size() + " acknowledged rows are lost although "
                    + (replication == Replication.SYNCHRONOUS
                            ? "replication is synchronous: "
                            : "no host was lost or cut off: ")
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

    private boolean excusesLoss(Ack ack) {
        if (replication == Replication.SYNCHRONOUS) {
            return false;
        }
        // Who writes directly at a node that nothing can stop writes where nobody will look; the VIP has left in time.
        return Fault.excuseLoss(faults)
                || (Fault.excuseDirectOverlap(faults) && !ack.call().isViaVip());
    }

    /** The first few, and where they were acknowledged. */
    static String named(List<Ack> lost) {
        List<String> words = lost.stream().limit(ROWS_NAMED).map(Ack::toString).toList();
        return String.join("; ", words) + (lost.size() > ROWS_NAMED ? "; ..." : "");
    }
}
