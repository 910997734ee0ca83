package pgha.agent.lease;

import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import pgha.dcs.Dcs;
import pgha.dcs.DcsReply;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;

/**
 * What {@link LeaseKeeping} asks of the store, and of the members where the store is silent.
 *
 * <p>Called on its owner's thread. Each answer is given exactly once, on the same thread, before the call returns or
 * later; at the timeout at the latest, as {@link DcsReply.NoAnswer}.
 */
public interface LeaseCalls {
    void grant(Duration ttl, Duration timeout, Consumer<DcsReply<Dcs.Grant>> answer);

    void renew(LeaseId lease, Duration timeout, Consumer<DcsReply<Duration>> answer);

    void revoke(LeaseId lease, Duration timeout, Consumer<DcsReply<Boolean>> answer);

    /** Puts our name into the leader key, if nobody's is there and nobody has said how far it wrote since {@code seen}. */
    void take(LeaseId lease, Revision seen, Duration timeout, Consumer<DcsReply<Revision>> answer);

    /** Puts the leader key, which names us as at {@code seen}, under another lease. */
    void rebind(LeaseId lease, Revision seen, Duration timeout, Consumer<DcsReply<Revision>> answer);

    /**
     * Asks all {@code members} to let us go on leading for {@code ttl}; the answer is why not, empty if all of them do.
     */
    void askMembers(
            SortedMap<MemberName, String> members, Duration ttl, Duration timeout, Consumer<Optional<String>> answer);

    /** Deletes the leader key, if it is ours under this lease, and leaves word of how far we wrote. */
    void release(LeaseId lease, Optional<ClusterStatus> last, Duration timeout, Consumer<DcsReply<Revision>> answer);
}
