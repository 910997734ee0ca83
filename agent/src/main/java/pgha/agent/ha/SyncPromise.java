package pgha.agent.ha;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.SyncState;

/**
 * What {@code /sync} promises whoever elects a leader: of {@code voters}, at most {@code quorum} lack an acknowledged commit.
 *
 * <p>Immutable. So a voter that is not behind {@code quorum} of the others has everything: one of them all has it.
 */
record SyncPromise(int quorum, SortedSet<MemberName> voters) {
    /** The leader alone is known to have everything. */
    static final SyncPromise NONE = new SyncPromise(0, Collections.emptySortedSet());

    /** The better one first: to be elected takes hearing as few others as possible, of as many as possible. */
    static final Comparator<SyncPromise> BETTER = Comparator.<SyncPromise, Boolean>comparing(p -> !p.isElectable())
            .thenComparingInt(SyncPromise::quorum)
            .thenComparingInt(p -> -p.voters().size());

    SyncPromise {
        voters = Collections.unmodifiableSortedSet(new TreeSet<>(voters));
    }

    static SyncPromise of(Optional<SyncState> stored) {
        return stored.map(sync -> new SyncPromise(sync.quorum(), sync.voters())).orElse(NONE);
    }

    /** Whether a voter can be elected while the leader is silent. */
    boolean isElectable() {
        return quorum < voters.size();
    }

    /** Whether commits that are acknowledged with these names keep it. */
    boolean isKeptBy(SyncNames names) {
        return names.mayLack(voters) <= quorum;
    }

    /** As long as it holds, how many of {@code others} may lack what was acknowledged; {@code sure} do not. */
    int mayLack(Collection<MemberName> others, Collection<MemberName> sure) {
        SortedSet<MemberName> unsure = new TreeSet<>(others);
        unsure.removeAll(sure);
        int strangers = unsure.size();
        unsure.retainAll(voters);
        strangers -= unsure.size();
        return strangers + Math.min(unsure.size(), quorum);
    }

    /** Whom commits must wait for so that they keep it. */
    SyncNames names(boolean any) {
        if (!isElectable()) {
            return SyncNames.NOBODY;
        }
        int each = voters.size() - quorum;
        return any || quorum > 0 ? SyncNames.any(each, voters) : SyncNames.all(voters);
    }
}
