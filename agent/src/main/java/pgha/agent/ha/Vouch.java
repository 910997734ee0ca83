package pgha.agent.ha;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;

/**
 * "Keep this lease until then": the loop's word for the keeper. A silent loop loses the lease.
 *
 * <p>Immutable.
 *
 * @param renewable whether the lease may be renewed in the store; one that the loop cannot see there may not
 * @param members who may prolong the term instead, all of them together, where the store does not answer; with the URL
 *     of each. Empty in the map: there is nobody else. No map: nobody may
 */
public record Vouch(LeaseId lease, Moment until, boolean renewable, Optional<SortedMap<MemberName, String>> members) {
    public Vouch {
        members = members.map(map -> Collections.unmodifiableSortedMap(new TreeMap<>(map)));
    }

    static Vouch byStore(LeaseId lease, Moment until, Optional<SortedMap<MemberName, String>> orElse) {
        return new Vouch(lease, until, true, orElse);
    }

    static Vouch byMembers(LeaseId lease, Moment until, SortedMap<MemberName, String> members) {
        return new Vouch(lease, until, false, Optional.of(members));
    }

    public boolean hasLapsedAt(Moment now) {
        return !now.isBefore(until);
    }
}
