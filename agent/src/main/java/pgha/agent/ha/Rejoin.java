package pgha.agent.ha;

import java.util.Optional;
import pgha.agent.ha.Observation.ControlFacts;
import pgha.agent.ha.Observation.LeftAs;
import pgha.agent.ha.TaskSpec.BaseBackup;
import pgha.agent.ha.TaskSpec.Rewind;
import pgha.agent.ha.TaskSpec.StartReplica;
import pgha.agent.ha.TaskSpec.Upstream;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.RunState;
import pgha.dcs.model.Timeline;

/** How stopped data comes back under a leader: started, rewound, cloned anew, or held. Pure. */
final class Rejoin {
    private Rejoin() {}

    /** What is to be done with the data. */
    sealed interface Plan {
        record Start() implements Plan {}

        record RewindIt(String why) implements Plan {}

        record CloneAnew(String why) implements Plan {}

        record Wait(String why) implements Plan {}

        record Hold(String why) implements Plan {}
    }

    static Decision decide(Situation s, MemberName leader, ControlFacts control) {
        Optional<Member> member = s.member(leader);
        Optional<Upstream> upstream = member.flatMap(s::upstream);
        if (member.isEmpty() || upstream.isEmpty()) {
            return Decision.of(Reason.FOLLOW_WAIT, leader, "its record is not in the store");
        }
        Upstream from = upstream.get();
        return switch (plan(s, member.get(), control)) {
            case Plan.Start start -> start(s, leader, WhenFollowing.upstream(s, member.get()));
            case Plan.RewindIt rewind ->
                Decision.of(Reason.REWIND, leader, rewind.why()).start(new Rewind(from));
            case Plan.CloneAnew anew -> cloneAnew(s, leader, from, anew.why());
            case Plan.Wait wait -> Decision.of(Reason.FOLLOW_WAIT, leader, wait.why());
            case Plan.Hold hold -> Decision.of(Reason.REJOIN_HOLD, leader, hold.why());
        };
    }

    private static Decision start(Situation s, MemberName leader, Optional<Upstream> upstream) {
        return s.failures()
                .recent(StartReplica.class, s.now())
                .map(failure -> Decision.of(Reason.REJOIN_HOLD, leader, failure.sentence())
                        .lookAgainAt(failure.retryAt(), s.now()))
                .orElseGet(() -> Decision.of(Reason.START_REPLICA, leader).start(new StartReplica(upstream)));
    }

    private static Decision cloneAnew(Situation s, MemberName leader, Upstream from, String why) {
        return s.failures()
                .recent(BaseBackup.class, s.now())
                .map(failure -> Decision.of(Reason.FOLLOW_WAIT, leader, failure.sentence())
                        .lookAgainAt(failure.retryAt(), s.now()))
                .orElseGet(() -> Decision.of(Reason.RECLONE, leader, why).start(new BaseBackup(from)));
    }

    static Plan plan(Situation s, Member leader, ControlFacts control) {
        if (control.wasReplica()) {
            Optional<String> namesake = Divergence.namesake(s, control.timeline(), control.history());
            if (namesake.isPresent()) {
                return cloneUnlessLeftBehind(s, leader, namesake.get());
            }
            return Divergence.ofReplica(s, leader, control.timeline(), control.position())
                    .map(why -> repair(s, leader, control.timeline(), why))
                    .orElseGet(Plan.Start::new);
        }
        return exPrimary(s, leader, control);
    }

    /** It wrote as a primary: whatever it wrote that the leader does not have must not be served from. */
    private static Plan exPrimary(Situation s, Member leader, ControlFacts control) {
        if (!WhenFollowing.isLeading(leader.role())
                || leader.state() != RunState.RUNNING
                || leader.timeline().isEmpty()) {
            return new Plan.Wait("it is not primary yet");
        }
        Timeline theirs = leader.timeline().get();
        Timeline ours = control.timeline();
        if (theirs.equals(ours)) {
            // Two promotions got the same number, and pg_rewind believes in numbers: it would find nothing to do.
            return cloneUnlessLeftBehind(s, leader, "both of us wrote on timeline " + ours);
        }
        Optional<Lsn> end = Divergence.endOf(s, theirs, ours);
        if (ours.isBehind(theirs) && !historyReaches(s, theirs)) {
            return new Plan.Wait("it has not written down where timeline " + ours + " ended");
        }
        // The leader went on after our shutdown checkpoint, the last thing we wrote: it has all we have.
        boolean handedOver = control.leftAs() == LeftAs.SHUT_DOWN
                && end.filter(at -> at.isAheadOf(control.position())).isPresent();
        if (handedOver) {
            return new Plan.Start();
        }
        String why = end.map(at -> "timeline %s was left at %s and we wrote on".formatted(ours, at))
                .orElse("nobody knows where timeline " + ours + " was left");
        return repair(s, leader, ours, why);
    }

    private static Plan cloneUnlessLeftBehind(Situation s, Member leader, String why) {
        return Divergence.leftBehind(s, leader).<Plan>map(Plan.Wait::new).orElseGet(() -> new Plan.CloneAnew(why));
    }

    /** Whether the leader has written down how its timeline came about; it does so right after its promotion. */
    private static boolean historyReaches(Situation s, Timeline theirs) {
        return !s.clusterTimeline().isBehind(theirs);
    }

    /**
     * Rewind if that can be; else a new copy.
     *
     * <p>Patroni asks {@code remove_data_directory_on_rewind_failure} and {@code _on_diverged_timelines} first, since it
     * deletes. Here nothing is deleted: what cannot be used is moved aside, so there is nothing to ask. So is what is
     * later than the leader's: after a promotion of which nobody heard, commits may have been acknowledged that a
     * rewind would take back.
     */
    private static Plan repair(Situation s, Member leader, Timeline ours, String why) {
        Optional<String> wrong = Divergence.leftBehind(s, leader);
        if (wrong.isPresent()) {
            return new Plan.Wait(wrong.get());
        }
        boolean later =
                leader.timeline().filter(theirs -> theirs.isBehind(ours)).isPresent();
        return later ? new Plan.CloneAnew(why) : rewindIfAllowed(s, leader, why);
    }

    private static Plan rewindIfAllowed(Situation s, Member leader, String why) {
        boolean mayRewind = s.self()
                .usePgRewind()
                .or(() -> s.settings().postgres().usePgRewind())
                .orElse(false);
        Optional<Failures.Failure> failed = s.failures().of(Rewind.class);
        if (mayRewind && failed.isEmpty()) {
            return leader.checkpointedSincePromotion()
                    ? new Plan.RewindIt(why)
                    : new Plan.Wait("its first checkpoint after the promotion is not done");
        }
        if (mayRewind
                && failed.get().count() < 3
                && !s.now().isBefore(failed.get().retryAt())) {
            return new Plan.RewindIt(why);
        }
        if (mayRewind && failed.get().count() < 3) {
            return new Plan.Wait(failed.get().sentence());
        }
        return new Plan.CloneAnew(failed.map(Failures.Failure::sentence).orElse(why));
    }
}
