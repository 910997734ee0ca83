package pgha.agent.metrics;

import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;
import pgha.agent.metrics.StoreMetrics.Call;
import pgha.dcs.Dcs;
import pgha.dcs.DcsReply;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SwitchoverRequest;
import pgha.dcs.model.SyncState;
import pgha.dcs.model.SystemIdentifier;
import pgha.dcs.model.TimelineHistory;

/** A store whose calls are timed, on the threads of its callers. Thread-safe; adds nothing and hides nothing. */
final class MeasuredDcs implements Dcs {
    private final Dcs dcs;
    private final StoreMetrics metrics;
    private final Supplier<Moment> clock;

    MeasuredDcs(Dcs dcs, StoreMetrics metrics, Supplier<Moment> clock) {
        this.dcs = dcs;
        this.metrics = metrics;
        this.clock = clock;
    }

    private <T> DcsReply<T> timed(Call kind, Supplier<DcsReply<T>> call) {
        Moment before = clock.get();
        DcsReply<T> reply = call.get();
        metrics.took(kind, before.until(clock.get()), reply);
        return reply;
    }

    @Override
    public void follow(Listener listener) {
        dcs.follow(listener);
    }

    @Override
    public DcsReply<ClusterView> read(Duration timeout) {
        return timed(Call.READ, () -> dcs.read(timeout));
    }

    @Override
    public DcsReply<Grant> grant(Duration ttl, Duration timeout) {
        return timed(Call.LEASE, () -> dcs.grant(ttl, timeout));
    }

    @Override
    public DcsReply<Duration> renew(LeaseId lease, Duration timeout) {
        return timed(Call.RENEW, () -> dcs.renew(lease, timeout));
    }

    @Override
    public DcsReply<Boolean> revoke(LeaseId lease, Duration timeout) {
        return timed(Call.LEASE, () -> dcs.revoke(lease, timeout));
    }

    @Override
    public DcsReply<Revision> takeLeaderKey(MemberName self, LeaseId lease, Revision seen, Duration timeout) {
        return timed(Call.LEADER, () -> dcs.takeLeaderKey(self, lease, seen, timeout));
    }

    @Override
    public DcsReply<Revision> rebindLeaderKey(MemberName self, LeaseId lease, Revision seen, Duration timeout) {
        return timed(Call.LEADER, () -> dcs.rebindLeaderKey(self, lease, seen, timeout));
    }

    @Override
    public DcsReply<Revision> releaseLeaderKey(
            MemberName self, LeaseId lease, Optional<ClusterStatus> last, Duration timeout) {
        return timed(Call.LEADER, () -> dcs.releaseLeaderKey(self, lease, last, timeout));
    }

    @Override
    public DcsReply<Revision> putMember(Member member, LeaseId lease, Duration timeout) {
        return timed(Call.WRITE, () -> dcs.putMember(member, lease, timeout));
    }

    @Override
    public DcsReply<Revision> deleteMember(MemberName self, Duration timeout) {
        return timed(Call.WRITE, () -> dcs.deleteMember(self, timeout));
    }

    @Override
    public DcsReply<Revision> claimInitialize(LeaseId lease, Duration timeout) {
        return timed(Call.WRITE, () -> dcs.claimInitialize(lease, timeout));
    }

    @Override
    public DcsReply<Revision> withdrawInitialize(Revision claimed, Duration timeout) {
        return timed(Call.WRITE, () -> dcs.withdrawInitialize(claimed, timeout));
    }

    @Override
    public DcsReply<Revision> completeInitialize(SystemIdentifier id, Optional<Revision> claimed, Duration timeout) {
        return timed(Call.WRITE, () -> dcs.completeInitialize(id, claimed, timeout));
    }

    @Override
    public DcsReply<Revision> putStatus(MemberName self, ClusterStatus status, Duration timeout) {
        return timed(Call.WRITE, () -> dcs.putStatus(self, status, timeout));
    }

    @Override
    public DcsReply<Revision> putHistory(MemberName self, TimelineHistory history, Duration timeout) {
        return timed(Call.WRITE, () -> dcs.putHistory(self, history, timeout));
    }

    @Override
    public DcsReply<Revision> putFailsafe(
            MemberName self, LeaseId lease, SortedMap<MemberName, String> members, Duration timeout) {
        return timed(Call.WRITE, () -> dcs.putFailsafe(self, lease, members, timeout));
    }

    @Override
    public DcsReply<Revision> putSettings(String document, Revision expected, Duration timeout) {
        return timed(Call.WRITE, () -> dcs.putSettings(document, expected, timeout));
    }

    @Override
    public DcsReply<Revision> putSwitchover(SwitchoverRequest request, Duration timeout) {
        return timed(Call.WRITE, () -> dcs.putSwitchover(request, timeout));
    }

    @Override
    public DcsReply<Revision> clearSwitchover(Revision seen, Duration timeout) {
        return timed(Call.WRITE, () -> dcs.clearSwitchover(seen, timeout));
    }

    @Override
    public DcsReply<Revision> putSync(
            MemberName self, LeaseId lease, Optional<SyncState> next, Revision expected, Duration timeout) {
        return timed(Call.WRITE, () -> dcs.putSync(self, lease, next, expected, timeout));
    }

    @Override
    public DcsReply<Revision> removeCluster(Duration timeout) {
        return timed(Call.WRITE, () -> dcs.removeCluster(timeout));
    }

    @Override
    public void close() {
        dcs.close();
    }
}
