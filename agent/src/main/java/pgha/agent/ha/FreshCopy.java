package pgha.agent.ha;

import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import pgha.agent.ha.Observation.Directory;
import pgha.agent.ha.Observation.Sql;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Tags;

/**
 * A replica's data directory that was cloned or restored since this node last confirmed a commit. Pure.
 *
 * <p>What a program restored ends where its backup ends, and the clone of a replica where that replica was, while
 * {@code /sync} may name us for what we had: in strict mode as long as there is nobody else. So such a copy neither stands
 * nor is counted (I5) until a leader has left us out of {@code /sync}. Whoever names us after that has seen the copy stream.
 */
final class FreshCopy {
    private static final String TAG = "fresh_copy";

    private FreshCopy() {}

    /** Whether that is what lies here; a primary's own data are never of less than it confirmed. */
    static boolean isHere(NodeState state) {
        Observation seen = state.local().observation();
        return seen.directory() instanceof Directory.Cluster cluster
                && cluster.fresh()
                && seen.sql().map(Sql::inRecovery).orElse(cluster.control().wasReplica());
    }

    /** What stands against our leading. */
    static Optional<String> objection(Situation s) {
        return isHere(s.state()) && Succession.inForce(s).isPresent()
                ? Optional.of(
                        "what is here was cloned or restored anew, and need not have every acknowledged commit: no"
                                + " leader has left us out of the key sync since; order a failover to us to have us lead all"
                                + " the same")
                : Optional.empty();
    }

    /** Tells the leader not to wait for us, and not to count on what we had. */
    static Tags tags(Tags tags) {
        return tags.with(TAG, "true");
    }

    /** Those of whom {@code /sync} says more than is so. */
    static SortedSet<MemberName> among(Situation s, SortedSet<MemberName> voters) {
        SortedSet<MemberName> fresh = new TreeSet<>();
        voters.stream().filter(name -> isOne(s, name)).forEach(fresh::add);
        return fresh;
    }

    static boolean isOne(Situation s, MemberName name) {
        return s.view()
                .member(name)
                .map(Member::tags)
                .filter(tags -> tags.is(TAG))
                .isPresent();
    }

    /**
     * When it counts like any other: nobody relies on what was here before, or it is a primary's own. What a leader wrote
     * of us may come late, and so the copy must have come as far as that leader was.
     */
    static Optional<Action> acceptance(Situation s) {
        LocalMemory local = s.state().local();
        boolean marked = local.observation().directory() instanceof Directory.Cluster cluster && cluster.fresh();
        boolean serves =
                local.observation().sql().filter(sql -> !sql.inRecovery()).isPresent();
        boolean due = serves || (local.hasCaughtUp() && !isNamed(s));
        return marked && due ? Optional.of(new Action.AcceptCopy()) : Optional.empty();
    }

    private static boolean isNamed(Situation s) {
        return s.view()
                .sync()
                .filter(sync -> sync.isUnreadable() || sync.covers(s.self().name()))
                .isPresent();
    }
}
