package pgha.agent.ha;

import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.SyncState;
import pgha.dcs.model.SynchronousMode;

/**
 * Who may lead after whom in synchronous mode, and what comes before the first write (I5). Pure.
 *
 * <p>Only those whom {@code /sync} names are known to have every acknowledged commit. Whoever is elected writes there that
 * it leads, before it writes anything else: from then on nobody is elected for what it had before. And its PostgreSQL
 * begins to write with the names that go with that.
 */
final class Succession {
    private Succession() {}

    /** The synchronous state, if it counts. */
    static Optional<SyncState> inForce(Situation s) {
        return s.view()
                .sync()
                .filter(sync -> s.settings().synchronousMode() != SynchronousMode.OFF)
                .filter(sync -> s.settings().standby().isEmpty());
    }

    /** Whether {@code member} may be promoted without losing an acknowledged commit. */
    static boolean covers(Situation s, MemberName member) {
        return inForce(s).map(sync -> sync.covers(member)).orElse(true);
    }

    /** Whether {@code member} may lead: it loses nothing, or an operator has named it all the same. */
    static boolean maySucceed(Situation s, MemberName member) {
        return (covers(s, member) && !FreshCopy.isOne(s, member)) || isOrdered(s, member);
    }

    /** What stands against our leading. */
    static Optional<String> objection(Situation s) {
        if (isOrdered(s, s.self().name())) {
            return Optional.empty();
        }
        return covers(s, s.self().name()) ? FreshCopy.objection(s) : inForce(s).map(Succession::sentence);
    }

    /** How many of the others must be heard, and not be ahead of us, before we stand. */
    static int votesWanted(Situation s) {
        return inForce(s)
                .filter(sync -> !sync.leader().equals(s.self().name()))
                .map(SyncState::quorum)
                .orElse(0);
    }

    /** What stands against our going on as a primary without having asked anybody. */
    static Optional<String> objectionToGoingOn(Situation s) {
        return objection(s)
                .or(() -> votesWanted(s) == 0
                        ? Optional.empty()
                        : Optional.of("%d of the other voters must be heard first".formatted(votesWanted(s))));
    }

    private static String sentence(SyncState sync) {
        if (sync.isUnreadable()) {
            return "who has every acknowledged commit cannot be told: the key sync cannot be read; delete it so that any"
                    + " member may lead, or order a failover to the one that has most";
        }
        return sync.voters().isEmpty()
                ? "only " + sync.leader() + " is known to have every acknowledged commit"
                : "not among the synchronous standbys: " + Canvassing.names(sync.voters());
    }

    /**
     * A failover to {@code member} by name, which is the operator's word for losing what only others have. It was given for
     * what was known then: once somebody has written anew who has everything, it would lose what nobody spoke of.
     */
    private static boolean isOrdered(Situation s, MemberName member) {
        return s.view()
                .request()
                .filter(request -> request.leader().isEmpty())
                .filter(request -> request.candidate().filter(member::equals).isPresent())
                .filter(request -> inForce(s)
                        .filter(sync -> sync.revision().isAfter(request.revision()))
                        .isEmpty())
                .isPresent();
    }

    /** What has to be done, under our lease, before PostgreSQL may write; empty if nothing has. */
    static Optional<Decision> beforeWriting(Situation s, LeaseTerm term) {
        Optional<SyncState> sync = inForce(s);
        if (sync.isEmpty()) {
            return isOff(s) ? s.view().sync().map(left -> emptied(term, left)) : Optional.empty();
        }
        if (sync.get().leader().equals(s.self().name())) {
            return settled(s, term, sync.get());
        }
        Optional<String> objection = tookTheKey(s) ? objection(s) : objectionToGoingOn(s);
        if (objection.isPresent()) {
            return Optional.of(WhenLeading.resign(s, term, objection.get()));
        }
        return Optional.of(Decision.of(Reason.TAKE_SYNC, sync.get().leader())
                .then(new Action.WriteSync(
                        term.lease(),
                        Optional.of(taken(s, sync.get())),
                        sync.get().revision())));
    }

    /** Nothing will be waited for: whom the store names could be elected without it once the mode is on again. */
    private static Decision emptied(LeaseTerm term, SyncState left) {
        return Decision.of(Reason.SETTLE_SYNC)
                .then(new Action.WriteSync(term.lease(), Optional.empty(), left.revision()));
    }

    private static boolean isOff(Situation s) {
        return s.settings().synchronousMode() == SynchronousMode.OFF
                && s.settings().standby().isEmpty();
    }

    /** Whoever did not was heard by nobody: it was named by hand, or its agent was restarted since. */
    private static boolean tookTheKey(Situation s) {
        return s.view()
                .leader()
                .filter(leader -> leader.created().equals(leader.modified()))
                .isPresent();
    }

    /** What we sent before may come yet, and promise what PostgreSQL would not keep: over a newer write it cannot. */
    private static Optional<Decision> settled(Situation s, LeaseTerm term, SyncState ours) {
        if (s.isInFlight(ActionKey.WRITE_SYNC)) {
            return Optional.of(Decision.of(Reason.SETTLE_SYNC));
        }
        boolean owned =
                s.state().synchrony().written().filter(ours.revision()::equals).isPresent();
        return owned
                ? Optional.empty()
                : Optional.of(Decision.of(Reason.SETTLE_SYNC)
                        .then(new Action.WriteSync(term.lease(), Optional.of(ours), ours.revision())));
    }

    /**
     * In strict mode, and with a quorum, all the others stay: each commit is waited for as before. What was acknowledged
     * before is on the former leader, and lacking in no more of the others than it was.
     */
    private static SyncState taken(Situation s, SyncState sync) {
        boolean stay = s.settings().synchronousModeStrict() || isQuorum(s);
        SortedSet<MemberName> others = new TreeSet<>();
        if (stay) {
            others.addAll(sync.voters());
            others.add(sync.leader());
            others.remove(s.self().name());
        }
        return new SyncState(s.self().name(), stay ? sync.quorum() : 0, others, sync.revision());
    }

    private static boolean isQuorum(Situation s) {
        return s.settings().synchronousMode() == SynchronousMode.QUORUM;
    }

    /** The names that PostgreSQL begins to write with; empty for the user's own. */
    static Optional<SyncNames> names(Situation s) {
        if (s.settings().synchronousMode() == SynchronousMode.OFF) {
            return Optional.empty();
        }
        SyncPromise promise = SyncPromise.of(
                s.view().sync().filter(sync -> sync.leader().equals(s.self().name())));
        boolean waits = !promise.isElectable() && s.settings().synchronousModeStrict();
        return Optional.of(waits ? SyncNames.ANYBODY : promise.names(isQuorum(s)));
    }
}
