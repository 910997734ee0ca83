package pgha.dcs;

import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import pgha.dcs.DcsReply.Done;
import pgha.dcs.DcsReply.NoAnswer;
import pgha.dcs.codec.ViewAssembler;
import pgha.dcs.etcd.EtcdTxns;
import pgha.dcs.etcd.Txn;
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

/**
 * One client of a {@link MemoryStore}: {@link Dcs} without a network and without waiting.
 *
 * <p>Not thread-safe. Calls answer at once, and the listener is called within the call that changes something. The
 * transactions are those that go to etcd; only etcd is a twin.
 */
public final class InMemoryDcs implements Dcs {
    private final MemoryStore store;
    private final Keys keys;
    private final EtcdTxns txns;
    private final Supplier<Moment> clock;
    private final Consumer<MemoryStore.Change> watcher = this::changed;
    private @Nullable Listener listener;
    private @Nullable ViewAssembler assembler;
    private Revision seen = Revision.ZERO;
    private boolean connected = true;

    public InMemoryDcs(MemoryStore store, String prefix, Supplier<Moment> clock) {
        this.store = store;
        this.keys = new Keys(prefix);
        this.txns = new EtcdTxns(keys);
        this.clock = clock;
    }

    /** From now on the store is silent for this client: calls go unanswered and do not happen. */
    public void disconnect() {
        if (connected) {
            connected = false;
            store.unsubscribe(watcher);
            if (listener != null) {
                listener.linkLost("disconnected");
            }
        }
    }

    /** Ends {@link #disconnect}: a follower reads everything anew. */
    public void reconnect() {
        connected = true;
        if (listener != null) {
            begin(listener);
        }
    }

    @Override
    public void follow(Listener follower) {
        if (listener != null) {
            throw new IllegalStateException("somebody follows already");
        }
        listener = follower;
        assembler = new ViewAssembler(keys, follower::warned);
        if (connected) {
            begin(follower);
        }
    }

    private void begin(Listener follower) {
        store.expire(clock.get());
        Revision at = store.revision();
        if (seen.isAfter(at)) {
            follower.warned("the store went back from revision " + seen + " to " + at);
        }
        ViewAssembler views = assembled();
        views.reset(store.range(keys.prefix()), at);
        seen = at;
        follower.viewChanged(views.view(at));
        store.subscribe(watcher);
    }

    private ViewAssembler assembled() {
        if (assembler == null) {
            throw new IllegalStateException("nobody follows");
        }
        return assembler;
    }

    private void changed(MemoryStore.Change change) {
        boolean ours = change.puts().stream().anyMatch(key -> key.key().startsWith(keys.prefix()))
                || change.deletes().stream().anyMatch(key -> key.startsWith(keys.prefix()));
        if (!ours || listener == null) {
            return;
        }
        ViewAssembler views = assembled();
        change.puts().stream()
                .filter(key -> key.key().startsWith(keys.prefix()))
                .forEach(views::put);
        change.deletes().stream()
                .filter(key -> key.startsWith(keys.prefix()))
                .forEach(key -> views.delete(key, change.revision()));
        seen = change.revision();
        listener.viewChanged(views.view(seen));
    }

    private <T> DcsReply<T> ask(Function<Moment, DcsReply<T>> request) {
        Moment now = clock.get();
        store.expire(now);
        return connected ? request.apply(now) : new NoAnswer<>("no answer in time");
    }

    private DcsReply<Revision> send(Txn txn) {
        return ask(now -> store.apply(txn));
    }

    @Override
    public DcsReply<ClusterView> read(Duration timeout) {
        return ask(now -> {
            ViewAssembler reader = new ViewAssembler(keys, sentence -> {});
            reader.reset(store.range(keys.prefix()), store.revision());
            return new Done<>(reader.view(store.revision()));
        });
    }

    @Override
    public DcsReply<Grant> grant(Duration ttl, Duration timeout) {
        return ask(now -> store.grant(ttl, now));
    }

    @Override
    public DcsReply<Duration> renew(LeaseId lease, Duration timeout) {
        return ask(now -> store.renew(lease, now));
    }

    @Override
    public DcsReply<Boolean> revoke(LeaseId lease, Duration timeout) {
        return ask(now -> store.revoke(lease));
    }

    @Override
    public DcsReply<Revision> takeLeaderKey(MemberName self, LeaseId lease, Revision seen, Duration timeout) {
        return send(txns.takeLeaderKey(self, lease, seen));
    }

    @Override
    public DcsReply<Revision> rebindLeaderKey(MemberName self, LeaseId lease, Revision modified, Duration timeout) {
        return send(txns.rebindLeaderKey(self, lease, modified));
    }

    @Override
    public DcsReply<Revision> releaseLeaderKey(
            MemberName self, LeaseId lease, Optional<ClusterStatus> last, Duration timeout) {
        return send(txns.releaseLeaderKey(self, lease, last));
    }

    @Override
    public DcsReply<Revision> putMember(Member member, LeaseId lease, Duration timeout) {
        return send(txns.putMember(member, lease));
    }

    @Override
    public DcsReply<Revision> deleteMember(MemberName self, Duration timeout) {
        return send(txns.deleteMember(self));
    }

    @Override
    public DcsReply<Revision> claimInitialize(LeaseId lease, Duration timeout) {
        return send(txns.claimInitialize(lease));
    }

    @Override
    public DcsReply<Revision> withdrawInitialize(Revision claimed, Duration timeout) {
        return send(txns.withdrawInitialize(claimed));
    }

    @Override
    public DcsReply<Revision> completeInitialize(SystemIdentifier id, Optional<Revision> claimed, Duration timeout) {
        return send(txns.completeInitialize(id, claimed));
    }

    @Override
    public DcsReply<Revision> putStatus(MemberName self, ClusterStatus status, Duration timeout) {
        return send(txns.putStatus(self, status));
    }

    @Override
    public DcsReply<Revision> putHistory(MemberName self, TimelineHistory history, Duration timeout) {
        return send(txns.putHistory(self, history));
    }

    @Override
    public DcsReply<Revision> putFailsafe(
            MemberName self, LeaseId lease, SortedMap<MemberName, String> members, Duration timeout) {
        return send(txns.putFailsafe(self, lease, members));
    }

    @Override
    public DcsReply<Revision> putSettings(String document, Revision expected, Duration timeout) {
        return send(txns.putSettings(document, expected));
    }

    @Override
    public DcsReply<Revision> putSwitchover(SwitchoverRequest request, Duration timeout) {
        return send(txns.putSwitchover(request));
    }

    @Override
    public DcsReply<Revision> clearSwitchover(Revision modified, Duration timeout) {
        return send(txns.clearSwitchover(modified));
    }

    @Override
    public DcsReply<Revision> putSync(
            MemberName self, LeaseId lease, Optional<SyncState> next, Revision expected, Duration timeout) {
        return send(txns.putSync(self, lease, next, expected));
    }

    @Override
    public DcsReply<Revision> removeCluster(Duration timeout) {
        return send(txns.removeCluster());
    }

    @Override
    public void close() {
        store.unsubscribe(watcher);
        connected = false;
        listener = null;
    }
}
