package pgha.agent.ha;

import java.util.Optional;
import pgha.agent.ha.Observation.Sql;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Member;
import pgha.dcs.model.Role;
import pgha.dcs.model.Timeline;
import pgha.dcs.model.TimelineHistory;
import pgha.dcs.model.TimelineHistory.Switch;

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

    /**
     * Why our timeline is another than the cluster's of the same number; empty if it is the same, for all we know.
     *
     * <p>PostgreSQL takes the next number for which it finds no history file, so two servers that are promoted without
     * hearing of each other take the same one. A walreceiver compares nothing but numbers, and pg_rewind too.
     */
    static Optional<String> namesake(Situation s, Timeline ours, Optional<TimelineHistory> history) {
        return s.view().history().flatMap(known -> known.beginningOf(ours)).flatMap(theirs -> otherFork(
                        theirs, ours, history)
                .or(() -> otherWriter(s, theirs, ours)));
    }

    /** Why the replica that runs here has what the cluster's history has not; empty if it has not, for all we know. */
    static Optional<String> here(Situation s) {
        return s.state().local().observation().sql().filter(Sql::inRecovery).flatMap(sql -> namesake(
                        s, sql.timeline(), sql.history())
                .or(() -> overrun(s, sql)));
    }

    /**
     * Recovery with a restore_command looks for the newest timeline, and replays the segment in which that began to the end
     * of what lies in pg_wal all the same. From then on it asks for the newest one, in vain, and says that it is on it.
     */
    private static Optional<String> overrun(Situation s, Sql sql) {
        Optional<TimelineHistory> known = s.view().history();
        Optional<Timeline> on = sql.replayedTimeline().filter(timeline -> timeline.isBehind(s.clusterTimeline()));
        return on.flatMap(timeline -> known.flatMap(history -> endOf(history, timeline))
                .filter(end -> sql.replayed().filter(at -> at.isAheadOf(end)).isPresent())
                .map(end -> "we replayed timeline %s up to %s, it was left at %s"
                        .formatted(timeline, sql.replayed().get(), end)));
    }

    private static Optional<String> otherFork(Switch theirs, Timeline ours, Optional<TimelineHistory> history) {
        return history.flatMap(mine -> mine.endOf(theirs.parent()))
                .filter(at -> !at.equals(theirs.at()))
                .map(at -> "our timeline %s began at %s, the cluster's at %s".formatted(ours, at, theirs.at()));
    }

    /** Both may have begun at the same position. */
    private static Optional<String> otherWriter(Situation s, Switch theirs, Timeline ours) {
        boolean weWrote = s.tenure()
                .parked()
                .filter(parked -> parked.timeline().equals(ours))
                .isPresent();
        boolean isOurs = theirs.newLeader().isEmpty()
                || theirs.newLeader().equals(s.self().name().value());
        return weWrote && !isOurs
                ? Optional.of("we wrote on timeline %s before %s began its own".formatted(ours, theirs.newLeader()))
                : Optional.empty();
    }

    private static Optional<Lsn> endOf(TimelineHistory history, Timeline ours) {
        return history.endOf(ours);
    }
}
