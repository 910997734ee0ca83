package pgha.dcs.model;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who is known to have every acknowledged commit: the value of {@code sync}.
 *
 * <p>Immutable.
 *
 * @param voters the synchronous standbys
 * @param quorum how many of the other voters a candidate must hear
 * @param revision of the key; zero if it does not exist
 */
public record SyncState(MemberName leader, int quorum, SortedSet<MemberName> voters, Revision revision) {
    private static final MemberName UNREADABLE = new MemberName("?");

    public SyncState {
        voters = Collections.unmodifiableSortedSet(new TreeSet<>(voters));
    }

    /** There is something, and nobody can tell whom it names: then it is nobody. */
    public static SyncState unreadable(Revision revision) {
        return new SyncState(UNREADABLE, 0, new TreeSet<>(), revision);
    }

    public boolean isUnreadable() {
        return leader.equals(UNREADABLE);
    }

    /** Whether {@code member} may be promoted without losing an acknowledged commit. */
    public boolean covers(MemberName member) {
        return leader.equals(member) || voters.contains(member);
    }
}
