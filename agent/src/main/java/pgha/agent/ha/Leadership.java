package pgha.agent.ha;

import java.util.Optional;
import pgha.dcs.model.LeaderRecord;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;

/** Who leads, as far as this node can know. Immutable; derived, never stored. */
public sealed interface Leadership {
    /** We do, under a term that is good for serving. */
    record Held(LeaseTerm term) implements Leadership {}

    /** Somebody else does: the store says so, or we gave it our word (see {@link Failsafe}). */
    record HeldByOther(MemberName leader) implements Leadership {}

    /** Nobody does, since that revision. */
    record Vacant(Revision since) implements Leadership {}

    /**
     * We cannot know, or not count on it.
     *
     * @param rebind the revision of a leader key that bears our name, and that we may put under a lease of our own
     */
    record Unknown(Optional<LeaseTerm> term, Optional<Revision> rebind) implements Leadership {}

    static Leadership of(NodeState state, Moment now) {
        if (!state.cluster().linkUp()) {
            return new Unknown(state.tenure().term(), Optional.empty());
        }
        Optional<MemberName> pledgedTo = state.failsafe().pledgedTo(now);
        if (pledgedTo.isPresent() && !isElsewhere(state)) {
            return new HeldByOther(pledgedTo.get());
        }
        if (state.view().leader().isEmpty()) {
            return new Vacant(state.view().vacantSince());
        }
        LeaderRecord leader = state.view().leader().get();
        if (!leader.name().equals(state.name())) {
            return new HeldByOther(leader.name());
        }
        if (state.namesake().isPresent()) {
            return new HeldByOther(leader.name());
        }
        if (state.cluster().overwritten().isPresent()) {
            // Even if the lease is one that we still count on: see unknown/store-restored-soon.txt.
            return new Unknown(state.tenure().term(), Optional.of(leader.modified()));
        }
        return state.tenure()
                .term()
                .filter(term ->
                        term.lease().equals(leader.lease()) && !state.tenure().lost() && term.serves(now))
                .<Leadership>map(Held::new)
                .orElseGet(() -> new Unknown(state.tenure().term(), Optional.of(leader.modified())));
    }

    /** The store names a leader that is not us. */
    private static boolean isElsewhere(NodeState state) {
        return state.view()
                .leader()
                .filter(leader -> !leader.name().equals(state.name()))
                .isPresent();
    }
}
