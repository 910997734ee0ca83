package pgha.dcs.etcd;

import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.RangeResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import pgha.dcs.Dcs;
import pgha.dcs.DcsConfig;
import pgha.dcs.DcsReply;
import pgha.dcs.DcsReply.Done;
import pgha.dcs.DcsReply.NoAnswer;
import pgha.dcs.DcsReply.Refused;
import pgha.dcs.Keys;
import pgha.dcs.codec.ViewAssembler;
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
 * {@link Dcs} over etcd v3, through jetcd's generated stubs.
 *
 * <p>Thread-safe. Two connections at most: one for calls, one for the watch. Two threads of its own: {@code grpc-io},
 * and {@code store-watch} once it follows.
 */
public final class EtcdDcs implements Dcs {
    private static final Duration LONGEST_END = Duration.ofSeconds(2);

    private final Keys keys;
    private final EtcdTxns txns;
    private final ThreadFactory threads;
    private final ChannelFactory channels;
    private final Endpoints endpoints;
    private final Dialer dialer;
    private final AuthToken token;
    private final EtcdConnection connection;
    private final AtomicReference<@Nullable Thread> follower = new AtomicReference<>();

    private EtcdDcs(DcsConfig config, ThreadFactory threads) {
        this.threads = threads;
        this.keys = new Keys(config.prefix());
        this.txns = new EtcdTxns(keys);
        this.channels = new ChannelFactory(config.tls(), threads);
        // Anywhere, so that the nodes of a cluster do not all lean on the first endpoint of their common list.
        this.endpoints =
                new Endpoints(config.endpoints(), ThreadLocalRandom.current().nextInt(1 << 16));
        this.dialer = new Dialer(channels, endpoints);
        this.token = new AuthToken(config.credentials());
        this.connection = new EtcdConnection(dialer, endpoints, token);
    }

    /** Connects at the first call, not here. The threads that it needs are made, and then named, by {@code threads}. */
    public static EtcdDcs connect(DcsConfig config, ThreadFactory threads) {
        return new EtcdDcs(config, threads);
    }

    @Override
    public void follow(Listener listener) {
        Thread thread = threads.newThread(new EtcdWatch(dialer, endpoints, token, keys, listener));
        if (!follower.compareAndSet(null, thread)) {
            throw new IllegalStateException("somebody follows already");
        }
        thread.setName("store-watch");
        thread.start();
    }

    @Override
    public DcsReply<ClusterView> read(Duration timeout) {
        return connection.call(
                KVGrpc.getRangeMethod(), Wire.range(keys.prefix()), timeout, reply -> new Done<>(view(reply)));
    }

    private ClusterView view(RangeResponse everything) {
        ViewAssembler assembler = new ViewAssembler(keys, sentence -> {});
        Revision at = new Revision(everything.getHeader().getRevision());
        assembler.reset(everything.getKvsList().stream().map(Wire::stored).toList(), at);
        return assembler.view(at);
    }

    @Override
    public DcsReply<Grant> grant(Duration ttl, Duration timeout) {
        LeaseGrantRequest request =
                LeaseGrantRequest.newBuilder().setTTL(ttl.toSeconds()).build();
        return connection.call(
                LeaseGrpc.getLeaseGrantMethod(),
                request,
                timeout,
                reply -> reply.getError().isEmpty()
                        ? new Done<>(new Grant(new LeaseId(reply.getID()), Duration.ofSeconds(reply.getTTL())))
                        : new Refused<>(reply.getError()));
    }

    /** A refusal for any other reason than a missing lease is no news of the lease: it counts as no answer. */
    @Override
    public DcsReply<Duration> renew(LeaseId lease, Duration timeout) {
        LeaseKeepAliveRequest request =
                LeaseKeepAliveRequest.newBuilder().setID(lease.id()).build();
        return connection.call(
                LeaseGrpc.getLeaseKeepAliveMethod(),
                request,
                timeout,
                reply -> reply.getTTL() > 0 ? new Done<>(Duration.ofSeconds(reply.getTTL())) : gone(lease),
                failed -> Statuses.isLeaseNotFound(failed.status()) ? gone(lease) : new NoAnswer<>(failed.cause()));
    }

    private static <T> DcsReply<T> gone(LeaseId lease) {
        return new Refused<>("lease " + lease + " is gone");
    }

    @Override
    public DcsReply<Boolean> revoke(LeaseId lease, Duration timeout) {
        LeaseRevokeRequest request =
                LeaseRevokeRequest.newBuilder().setID(lease.id()).build();
        return connection.call(
                LeaseGrpc.getLeaseRevokeMethod(),
                request,
                timeout,
                reply -> new Done<>(true),
                failed ->
                        Statuses.isLeaseNotFound(failed.status()) ? new Done<>(false) : new Refused<>(failed.cause()));
    }

    private DcsReply<Revision> send(Txn txn, Duration timeout) {
        return connection.call(
                KVGrpc.getTxnMethod(),
                Wire.request(txn),
                timeout,
                reply -> reply.getSucceeded()
                        ? new Done<>(new Revision(reply.getHeader().getRevision()))
                        : new Refused<>(txn.refusal(Wire.contested(reply))));
    }

    @Override
    public DcsReply<Revision> takeLeaderKey(MemberName self, LeaseId lease, Duration timeout) {
        return send(txns.takeLeaderKey(self, lease), timeout);
    }

    @Override
    public DcsReply<Revision> rebindLeaderKey(MemberName self, LeaseId lease, Revision seen, Duration timeout) {
        return send(txns.rebindLeaderKey(self, lease, seen), timeout);
    }

    @Override
    public DcsReply<Revision> releaseLeaderKey(
            MemberName self, LeaseId lease, Optional<ClusterStatus> last, Duration timeout) {
        return send(txns.releaseLeaderKey(self, lease, last), timeout);
    }

    @Override
    public DcsReply<Revision> putMember(Member member, LeaseId lease, Duration timeout) {
        return send(txns.putMember(member, lease), timeout);
    }

    @Override
    public DcsReply<Revision> deleteMember(MemberName self, Duration timeout) {
        return send(txns.deleteMember(self), timeout);
    }

    @Override
    public DcsReply<Revision> claimInitialize(LeaseId lease, Duration timeout) {
        return send(txns.claimInitialize(lease), timeout);
    }

    @Override
    public DcsReply<Revision> withdrawInitialize(Revision claimed, Duration timeout) {
        return send(txns.withdrawInitialize(claimed), timeout);
    }

    @Override
    public DcsReply<Revision> completeInitialize(SystemIdentifier id, Optional<Revision> claimed, Duration timeout) {
        return send(txns.completeInitialize(id, claimed), timeout);
    }

    @Override
    public DcsReply<Revision> putStatus(MemberName self, ClusterStatus status, Duration timeout) {
        return send(txns.putStatus(self, status), timeout);
    }

    @Override
    public DcsReply<Revision> putHistory(MemberName self, TimelineHistory history, Duration timeout) {
        return send(txns.putHistory(self, history), timeout);
    }

    @Override
    public DcsReply<Revision> putFailsafe(
            MemberName self, LeaseId lease, SortedMap<MemberName, String> members, Duration timeout) {
        return send(txns.putFailsafe(self, lease, members), timeout);
    }

    @Override
    public DcsReply<Revision> putSettings(String document, Revision expected, Duration timeout) {
        return send(txns.putSettings(document, expected), timeout);
    }

    @Override
    public DcsReply<Revision> putSwitchover(SwitchoverRequest request, Duration timeout) {
        return send(txns.putSwitchover(request), timeout);
    }

    @Override
    public DcsReply<Revision> clearSwitchover(Revision seen, Duration timeout) {
        return send(txns.clearSwitchover(seen), timeout);
    }

    @Override
    public DcsReply<Revision> putSync(MemberName self, Optional<SyncState> next, Revision expected, Duration timeout) {
        return send(txns.putSync(self, next, expected), timeout);
    }

    @Override
    public DcsReply<Revision> removeCluster(Duration timeout) {
        return send(txns.removeCluster(), timeout);
    }

    @Override
    public void close() {
        dialer.close();
        endFollowing();
        connection.close();
        channels.close();
    }

    /** The watch uses the I/O thread until its last moment. */
    private void endFollowing() {
        @Nullable Thread thread = follower.get();
        if (thread == null || thread.equals(Thread.currentThread())) {
            return;
        }
        thread.interrupt();
        try {
            thread.join(LONGEST_END.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
