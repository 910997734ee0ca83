package pgha.agent.ha;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import pgha.agent.ha.Leadership.Unknown;
import pgha.agent.ha.TaskSpec.StartReplica;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;

/** We cannot know who leads, or cannot count on it. */
final class WhenBlind {
    private static final Duration ASK_AGAIN = Duration.ofMillis(100);

    private WhenBlind() {}

    static Decision decide(Situation s, Unknown unknown) {
        return unknown.rebind().map(seen -> rebind(s, seen)).orElseGet(() -> withoutStore(s));
    }

    /** The key bears our name: nobody else can have led since it was written, so that it may be put under a new lease. */
    private static Decision rebind(Situation s, Revision seen) {
        if (s.isInFlight(ActionKey.ACQUIRE)) {
            // The watch was quicker than the answer.
            return Decision.of(Reason.TAKING);
        }
        SortedSet<MemberName> suspects = suspects(s);
        SortedSet<MemberName> writers = new TreeSet<>(suspects);
        writers.removeIf(name -> !mayStillWrite(name, s, seen));
        if (!writers.isEmpty() && !s.postgres().mayWrite()) {
            return ask(suspects, writers, s, seen);
        }
        if (LeaseLength.wouldShorten(s)) {
            return LeaseLength.keepLonger(s);
        }
        Decision decision = Decision.of(s.tenure().doubt() ? Reason.LOOK_AGAIN : Reason.REBIND);
        return decision.then(LeaseLength.rebind(s, seen));
    }

    /**
     * Who has to be asked before we write, since nobody elected us: who led before, or anybody if we do not know. And if we
     * do not know that we ever took the key: it may be an old one that came back with a backup of the store.
     */
    private static SortedSet<MemberName> suspects(Situation s) {
        SortedSet<MemberName> names = new TreeSet<>(silentWriters(s).keySet());
        boolean tookIt = s.tenure().doubt() || s.tenure().term().isPresent();
        if (!tookIt && s.tenure().parked().isEmpty()) {
            names.addAll(s.peers());
        }
        s.state().cluster().overwritten().ifPresent(key -> key.formerly()
                .ifPresentOrElse(names::add, () -> names.addAll(s.peers())));
        return names;
    }

    /** Heard while the key was vacant: see vacant/leader-key-written-into-a-vacancy.txt. */
    private static SortedMap<MemberName, Moment> silentWriters(Situation s) {
        return s.state().polling().map(p -> p.silentWriters(s.now())).orElse(Collections.emptySortedMap());
    }

    /** Until it says that it is no primary; or, if it is silent, until its lease must be over. */
    private static boolean mayStillWrite(MemberName suspect, Situation s, Revision seen) {
        Optional<Polling> polling = Canvassing.about(seen, s);
        Optional<PeerAnswer.Spoke> spoke = polling.flatMap(p -> p.spoke(suspect));
        if (spoke.isPresent()) {
            // Its lease may be longer than the settings of now say.
            return spoke.get().mayWrite();
        }
        boolean mayAnswerYet = polling.filter(
                        p -> !p.answers().containsKey(suspect) && s.now().isBefore(p.concludesAt()))
                .isPresent();
        boolean leaseMayLast = s.state()
                .cluster()
                .overwritten()
                .filter(key ->
                        s.now().isBefore(key.seenAt().plus(s.state().cluster().longestTtl())))
                .isPresent();
        return polling.isEmpty()
                || mayAnswerYet
                || leaseMayLast
                || silentWriters(s).containsKey(suspect);
    }

    private static Decision ask(
            SortedSet<MemberName> suspects, SortedSet<MemberName> writers, Situation s, Revision seen) {
        Decision decision = Decision.of(Reason.ASK_FORMER, Canvassing.names(writers))
                .lookAgainAt(s.now().plus(ASK_AGAIN), s.now());
        boolean askedJustNow = Canvassing.about(seen, s)
                .filter(polling -> s.now().isBefore(polling.askedAt().plus(ASK_AGAIN)))
                .isPresent();
        return askedJustNow ? decision : decision.then(Canvassing.ask(seen, suspects, s));
    }

    private static Decision withoutStore(Situation s) {
        return switch (s.postgres()) {
            case PostgresView.Primary primary -> serve(s);
            case PostgresView.Starting starting -> starting.asPrimary() ? serve(s) : Decision.of(Reason.FOLLOW_BLIND);
            case PostgresView.Unresponsive u -> u.wasPrimary() ? serve(s) : Decision.of(Reason.FOLLOW_BLIND);
            case PostgresView.Replica replica ->
                WhenFollowing.pledged(s).orElseGet(() -> Decision.of(Reason.FOLLOW_BLIND));
            case PostgresView.Stopped stopped -> startReadOnly(s);
            case PostgresView.Absent absent -> hold(s);
            case PostgresView.Unusable unusable -> Decision.of(Reason.UNUSABLE_DIRECTORY, unusable.why());
            case PostgresView.Unseen unseen -> Decision.of(Reason.LOOKING);
            case PostgresView.Stopping stopping -> Decision.of(Reason.STEPPING_DOWN, "still");
        };
    }

    /** {@link Overrides} has looked at the term: it is good. */
    private static Decision serve(Situation s) {
        boolean byMembers = s.tenure()
                .term()
                .filter(term -> term.basis() == LeaseTerm.Basis.MEMBERS)
                .isPresent();
        Reason reason = byMembers ? Reason.SERVE_FAILSAFE : Reason.SERVE_BLIND;
        return Decision.of(reason, s.until(s.tenure().servesUntil()))
                .lookAgainAt(s.tenure().servesUntil(), s.now());
    }

    /** Readers are served again, once, if it was we who stopped it; a node that comes up blind waits for the store. */
    private static Decision startReadOnly(Situation s) {
        boolean weStoppedIt = s.tenure().parked().isPresent();
        boolean tried = s.failures().of(StartReplica.class).isPresent();
        return weStoppedIt && !tried && !s.tenure().armed()
                ? Decision.of(Reason.START_READ_ONLY).start(new StartReplica(Optional.empty()))
                : hold(s).then(retire(s));
    }

    private static List<Action> retire(Situation s) {
        return s.tenure().armed() ? List.of(new Action.RetireWriter()) : List.of();
    }

    private static Decision hold(Situation s) {
        return Decision.of(Reason.HOLD_BLIND, s.postgres().word());
    }
}
