package pgha.agent.ha;

import java.util.Optional;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Member;
import pgha.dcs.model.Role;
import pgha.dcs.model.Timeline;
import pgha.dcs.model.TimelineHistory;

/** Whether a replica's WAL has anything that the leader's has not. Pure; from the history that leaders write down. */
final class Divergence {
    private Divergence() {}

    /** Why a replica at {@code position} of {@code ours} cannot follow the leader; empty if it can, or may. */
    static Optional<String> ofReplica(Situation s, Member leader, Timeline ours, Lsn position) {
        if (leader.role() != Role.PRIMARY || leader.timeline().isEmpty()) {
            return Optional.empty();
        }
        Timeline theirs = leader.timeline().get();
        if (theirs.isBehind(ours)) {
            return Optional.of("we are on timeline %s and it is on %s".formatted(ours, theirs));
        }
        return endOf(s, theirs, ours)
                .filter(position::isAheadOf)
                .map(end -> "we have timeline %s up to %s, it went on at %s".formatted(ours, position, end));
    }

    /**
     * Why nothing is to be given up for this leader: the cluster has been on a timeline that it never saw, so that it
     * became the leader by a mistake, and what would be put aside may be the only copy of what was acknowledged.
     */
    static Optional<String> leftBehind(Situation s, Member leader) {
        return leader.timeline()
                .filter(theirs -> theirs.isBehind(s.clusterTimeline()))
                .map(theirs -> "it is on timeline %s and the cluster was on %s: nothing here is given up for it"
                        .formatted(theirs, s.clusterTimeline()));
    }

    /** Where {@code ours} was left on the way to {@code theirs}; empty if they are the same, or nobody has said. */
    static Optional<Lsn> endOf(Situation s, Timeline theirs, Timeline ours) {
        return s.view()
                .history()
                .filter(history -> !history.current().isBehind(theirs))
                .filter(history -> ours.isBehind(theirs))
                .flatMap(history -> endOf(history, ours));
    }

    private static Optional<Lsn> endOf(TimelineHistory history, Timeline ours) {
        return history.endOf(ours);
    }
}
