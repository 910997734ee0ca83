package pgha.dcs;

import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SwitchoverRequest;
import pgha.dcs.model.SyncState;
import pgha.dcs.model.SystemIdentifier;
import pgha.dcs.model.TimelineHistory;

/**
 * Everything the agent may ask of the store.
 *
 * <p>Thread-safe. Every call blocks its caller until the store has answered or {@code timeout}, counted from the call,
 * is over; a call that its deadline ended writes nothing afterwards that the store had not already accepted. Nothing is
 * repeated behind the caller's back in a way that could make one request happen twice: a repetition is made only where
 * the first attempt certainly did not happen. Expected trouble is a {@link DcsReply}, never an exception.
 */
public interface Dcs extends AutoCloseable {
    /** Hears of the cluster. Called on one thread of the store's, in the order of revisions; must not block. */
    interface Listener {
        /** All keys at one revision. Never older than the one before, unless the store itself went back in time. */
        void viewChanged(ClusterView view);

        /** From now on the last view may be out of date. */
        void linkLost(String cause);

        /** Something in the store could not be understood; one sentence that names the key. Said once a value. */
        void warned(String sentence);
    }

    /**
     * A lease as granted.
     *
     * @param ttl what the store promised, which may be more than was asked
     */
    record Grant(LeaseId lease, Duration ttl) {}

    /**
     * Starts to follow the cluster; to be called once. The listener gets a first view as soon as the store answers and
     * one after each loss of the link. It is one range read, and a watch from the revision after it.
     */
    void follow(Listener listener);

    /** One linearizable read of all keys, for those who do not follow. */
    DcsReply<ClusterView> read(Duration timeout);

    DcsReply<Grant> grant(Duration ttl, Duration timeout);

    /** Prolongs a lease by its whole TTL. {@code Refused}: the lease is gone. The value is the TTL. */
    DcsReply<Duration> renew(LeaseId lease, Duration timeout);

    /** Ends a lease; its keys disappear with it. A lease that is not there counts as done. */
    DcsReply<Boolean> revoke(LeaseId lease, Duration timeout);

    /**
     * Takes the leader key if it does not exist and no status was written since {@code seen}, and ties it to {@code
     * lease}. The value is its revision.
     */
    DcsReply<Revision> takeLeaderKey(MemberName self, LeaseId lease, Revision seen, Duration timeout);

    /** Puts the leader key under another lease, if it still is {@code self}'s and was last written at {@code seen}. */
    DcsReply<Revision> rebindLeaderKey(MemberName self, LeaseId lease, Revision seen, Duration timeout);

    /**
     * Gives the leader key up if it is {@code self}'s under {@code lease}, in one transaction with the last status.
     * {@code Refused} says that it was not ours any more, which is as good.
     */
    DcsReply<Revision> releaseLeaderKey(MemberName self, LeaseId lease, Optional<ClusterStatus> last, Duration timeout);

    DcsReply<Revision> putMember(Member member, LeaseId lease, Duration timeout);

    /** Removes {@code members/self}; for an agent that leaves for good. */
    DcsReply<Revision> deleteMember(MemberName self, Duration timeout);

    /** Creates the empty {@code initialize} key under {@code lease}, so that a claimer that dies does not block others. */
    DcsReply<Revision> claimInitialize(LeaseId lease, Duration timeout);

    /** Takes a claim back, if it still is the one made at {@code claimed}. */
    DcsReply<Revision> withdrawInitialize(Revision claimed, Duration timeout);

    /** Writes the identifier, without a lease, if the key is absent or still the claim made at {@code claimed}. */
    DcsReply<Revision> completeInitialize(SystemIdentifier id, Optional<Revision> claimed, Duration timeout);

    /** Writes the status, if the leader key is {@code self}'s. */
    DcsReply<Revision> putStatus(MemberName self, ClusterStatus status, Duration timeout);

    /** Writes the history, if the leader key is {@code self}'s. */
    DcsReply<Revision> putHistory(MemberName self, TimelineHistory history, Duration timeout);

    /**
     * Writes who has to be asked by a leader that the store does not answer, with the URL of each, if the leader key is
     * {@code self}'s under {@code lease}; nobody at all takes the key away.
     */
    DcsReply<Revision> putFailsafe(
            MemberName self, LeaseId lease, SortedMap<MemberName, String> members, Duration timeout);

    /**
     * Writes the settings document if it is unchanged since {@code expected}; zero expects that there is none.
     *
     * @param document JSON, stored as it is
     */
    DcsReply<Revision> putSettings(String document, Revision expected, Duration timeout);

    /** Leaves a request for the leader, replacing any other. */
    DcsReply<Revision> putSwitchover(SwitchoverRequest request, Duration timeout);

    /** Takes the request away, if it still is the one written at {@code seen}. */
    DcsReply<Revision> clearSwitchover(Revision seen, Duration timeout);

    /**
     * Writes the synchronous state, or takes it away, if it is unchanged since {@code expected} and the leader key is
     * {@code self}'s.
     */
    DcsReply<Revision> putSync(
            MemberName self, LeaseId lease, Optional<SyncState> next, Revision expected, Duration timeout);

    /** Removes every key of the cluster, whoever leads it; for an operator who wants it forgotten. */
    DcsReply<Revision> removeCluster(Duration timeout);

    /** Stops following and closes all connections; calls in flight end with {@code NoAnswer}. */
    @Override
    void close();
}
