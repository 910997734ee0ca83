package pgha.dcs.model;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All keys of the cluster at one revision.
 *
 * <p>Immutable. A key whose value could not be read holds its last good value; a leader key with a strange value is a
 * leader with a strange name.
 *
 * @param vacantSince the revision at which the leader key was seen to be gone; only meaningful without a leader
 * @param handedOver whether the last leader gave the key away itself, and said with the same stroke how far it wrote:
 *     {@code status} is its last word, and it does not write any more
 */
public record ClusterView(
        Revision revision,
        InitializeKey initialize,
        Optional<LeaderRecord> leader,
        Revision vacantSince,
        boolean handedOver,
        SortedMap<MemberName, Member> members,
        Optional<ClusterSettings> settings,
        Optional<SwitchoverRequest> switchover,
        Optional<SyncState> sync,
        Optional<ClusterStatus> status,
        Optional<TimelineHistory> history,
        SortedMap<MemberName, String> failsafe) {

    public static final ClusterView EMPTY = new ClusterView(
            Revision.ZERO,
            new InitializeKey.Absent(),
            Optional.empty(),
            Revision.ZERO,
            false,
            Collections.emptySortedMap(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Collections.emptySortedMap());

    public ClusterView {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
        failsafe = Collections.unmodifiableSortedMap(new TreeMap<>(failsafe));
    }

    public Optional<Member> member(MemberName name) {
        return Optional.ofNullable(members.get(name));
    }

    /** The request of an operator, if there is one that asks for something. */
    public Optional<SwitchoverRequest> request() {
        return switchover.filter(SwitchoverRequest::asksForSomething);
    }
}
