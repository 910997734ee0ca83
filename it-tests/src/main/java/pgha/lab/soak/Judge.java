package pgha.lab.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import pgha.lab.history.Append.Ack;
import pgha.lab.history.FinalState;
import pgha.lab.history.Findings;
import pgha.lab.history.History;
import pgha.lab.history.Overlap;
import pgha.lab.history.Server;
import pgha.lab.soak.Arena.Replication;

/** Says which findings the strikes of a round do not excuse; with synchronous replication no loss at all. Pure. */
final class Judge {
    /** As the lab's clusters have it. */
    static final long MAXIMUM_LAG_ON_FAILOVER = 1_048_576;

    private static final int ROWS_NAMED = 5;

    private final Excuses excuses;
    private final Replication replication;
    private final History history;
    private final List<Handover> handovers;

    /** {@code handovers} are what the store said while the round lasted. */
    Judge(List<Hit> hits, Replication replication, History history, List<Handover> handovers) {
        this.excuses = new Excuses(hits, replication);
        this.replication = replication;
        this.history = history;
        this.handovers = List.copyOf(handovers);
    }

    /** The failures, in words. */
    List<String> failures(Findings findings, FinalState end) {
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
        lost.stream()
                .map(Ack::by)
                .distinct()
                .map(left -> beyondTheLimit(left, lost, end))
                .flatMap(Optional::stream)
                .forEach(failures::add);
        return failures;
    }

    /** What was left behind is measured by what the store had as written when the key went, as a candidate measures it. */
    private Optional<String> beyondTheLimit(Server left, List<Ack> lost, FinalState end) {
        OptionalLong leftAt = end.leftAt(left.timeline());
        if (leftAt.isEmpty()) {
            // Written beside the survivors' history, not before it: a matter of overlaps.
            return Optional.empty();
        }
        Ack any = lost.stream().filter(ack -> ack.by().equals(left)).findFirst().orElseThrow();
        Optional<Handover> handover = Handover.before(overtakenAt(any), left.host(), handovers);
        if (handover.isEmpty()) {
            return Optional.of(left + " was left, but etcd never said that it led no more");
        }
        long lag = handover.get().published() - leftAt.getAsLong();
        return lag <= MAXIMUM_LAG_ON_FAILOVER
                ? Optional.empty()
                : Optional.of(left + " was left " + lag + " bytes before what etcd had as written when it led no more;"
                        + " maximum_lag_on_failover is " + MAXIMUM_LAG_ON_FAILOVER);
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
