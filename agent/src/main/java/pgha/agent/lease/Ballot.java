package pgha.agent.lease;

import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import pgha.dcs.model.MemberName;

/**
 * Whether all members let us lead: one that does not, or does not answer, is enough for a no.
 *
 * <p>Immutable; pure.
 *
 * @param open who has not answered yet
 * @param refusal the first no, in its own words
 */
public record Ballot(SortedSet<MemberName> open, Optional<String> refusal) {
    public Ballot {
        open = Collections.unmodifiableSortedSet(new TreeSet<>(open));
    }

    public static Ballot among(Collection<MemberName> members) {
        return new Ballot(new TreeSet<>(members), Optional.empty());
    }

    /** Nothing that is still to come changes it. */
    public boolean isDecided() {
        return refusal.isPresent() || open.isEmpty();
    }

    /** A second answer of the same member, and any after the decision, counts for nothing. */
    public Ballot heard(MemberName member, Optional<String> no) {
        if (isDecided() || !open.contains(member)) {
            return this;
        }
        SortedSet<MemberName> left = new TreeSet<>(open);
        left.remove(member);
        return new Ballot(left, no);
    }

    /** The time is up. */
    public Ballot closed() {
        return isDecided() ? this : new Ballot(open, Optional.of(open.first() + " did not answer in time"));
    }
}
