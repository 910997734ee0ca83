package pgha.dcs.etcd;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import pgha.dcs.Keys;
import pgha.dcs.codec.ClusterCodec;
import pgha.dcs.codec.MemberCodec;
import pgha.dcs.etcd.Txn.Guard;
import pgha.dcs.etcd.Txn.Write;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SwitchoverRequest;
import pgha.dcs.model.SyncState;
import pgha.dcs.model.SystemIdentifier;
import pgha.dcs.model.TimelineHistory;

/**
 * The transactions we rely on, one method each, each stating its invariant.
 *
 * <p>Pure and thread-safe: builds values and sends nothing. A lost answer to any of them means that it may have
 * happened: look at the next view (law C5).
 */
public final class EtcdTxns {
    private static final String NO_REQUEST = "{}";

    private final Keys keys;

    public EtcdTxns(Keys keys) {
        this.keys = keys;
    }

    /**
     * Takes the leader key if it is vacant.
     *
     * <p>Invariant: succeeds only if the key does not exist, and ties it to {@code lease}, so that it disappears with
     * the lease and with nothing else. Arriving late, after that lease was revoked, it changes nothing; nor after another
     * led and said how far it wrote, which whoever takes the key has not been measured against.
     *
     * @param seen at which revision of the store it was decided to take it
     */
    public Txn takeLeaderKey(MemberName self, LeaseId lease, Revision seen) {
        return when(absent(keys.leader()), new Guard.NotModifiedAfter(keys.status(), seen))
                .then(new Write.Put(keys.leader(), self.value(), lease));
    }

    /**
     * Puts our name, which stands in the leader key, under a lease that this process granted.
     *
     * <p>Invariant: succeeds only if nobody, not even a namesake, wrote the key since {@code seen}; there is no moment
     * at which the key does not exist.
     */
    public Txn rebindLeaderKey(MemberName self, LeaseId lease, Revision seen) {
        return when(new Guard.ValueIs(keys.leader(), self.value()), new Guard.ModifiedAt(keys.leader(), seen))
                .then(new Write.Put(keys.leader(), self.value(), lease));
    }

    /**
     * Gives the leader key up, and says in the same revision how far our WAL went.
     *
     * <p>Invariant: deletes only the key that is ours under {@code lease}; whoever sees the vacancy sees the last
     * status too.
     */
    public Txn releaseLeaderKey(MemberName self, LeaseId lease, Optional<ClusterStatus> last) {
        List<Write> writes = new ArrayList<>();
        last.ifPresent(status -> writes.add(put(keys.status(), ClusterCodec.json(status))));
        writes.add(new Write.Delete(keys.leader()));
        return new Txn(
                List.of(new Guard.ValueIs(keys.leader(), self.value()), new Guard.LeaseIs(keys.leader(), lease)),
                writes,
                keys.leader());
    }

    /** Publishes a member's record. Invariant: the record disappears with {@code lease}; nobody else writes it. */
    public Txn putMember(Member member, LeaseId lease) {
        String key = keys.member(member.name());
        return always(new Write.Put(key, MemberCodec.json(member), lease));
    }

    /** Removes our member record. Invariant: touches nothing else. */
    public Txn deleteMember(MemberName self) {
        return always(new Write.Delete(keys.member(self)));
    }

    /** Begins the cluster. Invariant: one claim at a time, and it disappears with its claimer. */
    public Txn claimInitialize(LeaseId lease) {
        return when(absent(keys.initialize())).then(new Write.Put(keys.initialize(), "", lease));
    }

    /** Takes a claim back. Invariant: never takes back another's claim, nor a finished initialization. */
    public Txn withdrawInitialize(Revision claimed) {
        return when(new Guard.ModifiedAt(keys.initialize(), claimed)).then(new Write.Delete(keys.initialize()));
    }

    /**
     * Writes the cluster's identity, for good.
     *
     * <p>Invariant: never replaces an identity, nor another's claim. "Absent or as we claimed it" is one guard: not
     * written after our claim.
     */
    public Txn completeInitialize(SystemIdentifier id, Optional<Revision> claimed) {
        return when(new Guard.NotModifiedAfter(keys.initialize(), claimed.orElse(Revision.ZERO)))
                .then(put(keys.initialize(), id.value()));
    }

    /** Publishes the primary's position. Invariant: only the holder of the leader key moves it. */
    public Txn putStatus(MemberName self, ClusterStatus status) {
        return when(new Guard.ValueIs(keys.leader(), self.value())).then(put(keys.status(), ClusterCodec.json(status)));
    }

    /** Publishes the timeline history. Invariant: only the holder of the leader key writes it. */
    public Txn putHistory(MemberName self, TimelineHistory history) {
        return when(new Guard.ValueIs(keys.leader(), self.value()))
                .then(put(keys.history(), ClusterCodec.json(history)));
    }

    /**
     * Says who has to be asked by a leader that the store does not answer.
     *
     * <p>Invariant: only the tenure that holds the leader key changes it: nobody becomes electable behind the back of a
     * leader that counts on the word of those it knows.
     */
    public Txn putFailsafe(MemberName self, LeaseId lease, SortedMap<MemberName, String> members) {
        Write write = members.isEmpty()
                ? new Write.Delete(keys.failsafe())
                : put(keys.failsafe(), ClusterCodec.failsafeJson(members));
        return when(new Guard.ValueIs(keys.leader(), self.value()), new Guard.LeaseIs(keys.leader(), lease))
                .then(write);
    }

    /** Replaces the settings. Invariant: no change of somebody else's that we have not seen is lost. */
    public Txn putSettings(String document, Revision expected) {
        return when(new Guard.ModifiedAt(keys.config(), expected)).then(put(keys.config(), document));
    }

    /** Leaves the operator's request. Invariant: the last request stands, as operators expect. */
    public Txn putSwitchover(SwitchoverRequest request) {
        return always(put(keys.failover(), ClusterCodec.json(request)));
    }

    /** Takes a request away, by Patroni's sign for "none". Invariant: a newer request stays. */
    public Txn clearSwitchover(Revision seen) {
        return when(new Guard.ModifiedAt(keys.failover(), seen)).then(put(keys.failover(), NO_REQUEST));
    }

    /**
     * Changes who counts as synchronous.
     *
     * <p>Invariant: a state that we have not seen is never overwritten, and only the tenure that asked for it changes it:
     * what was sent before another led, or before our own host died and came back, comes too late.
     */
    public Txn putSync(MemberName self, LeaseId lease, Optional<SyncState> next, Revision expected) {
        Write write = next.<Write>map(sync -> put(keys.sync(), ClusterCodec.json(sync)))
                .orElse(new Write.Delete(keys.sync()));
        return when(
                        new Guard.ModifiedAt(keys.sync(), expected),
                        new Guard.ValueIs(keys.leader(), self.value()),
                        new Guard.LeaseIs(keys.leader(), lease))
                .then(write);
    }

    /** Forgets the cluster. Invariant: other clusters of the namespace stay, those whose names begin alike included. */
    public Txn removeCluster() {
        return new Txn(List.of(), List.of(new Write.DeleteBelow(keys.prefix())), keys.prefix());
    }

    private static Guard absent(String key) {
        return new Guard.ModifiedAt(key, Revision.ZERO);
    }

    private static Write.Put put(String key, String value) {
        return new Write.Put(key, value, LeaseId.NONE);
    }

    private static Txn always(Write write) {
        return new Txn(List.of(), List.of(write), write.key());
    }

    private record When(List<Guard> guards) {
        Txn then(Write write) {
            return new Txn(guards, List.of(write), guards.getFirst().key());
        }
    }

    private static When when(Guard... guards) {
        return new When(List.of(guards));
    }
}
