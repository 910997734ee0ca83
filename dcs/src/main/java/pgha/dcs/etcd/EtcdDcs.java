package pgha.dcs.etcd;

import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.RangeResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ThreadFactory;
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
import pgha.dcs.dns.Dns;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.HostPort;
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
 * <p>Thread-safe. Two threads of its own: {@code grpc-io}, and {@code store-watch} once it follows; and {@code store-srv}
 * while DNS is asked where etcd is.
 */
public final class EtcdDcs implements Dcs {
    private static final Duration TRIAL_TIMEOUT = Duration.ofSeconds(3);

    private final Keys keys;
    private final EtcdTxns txns;
    private final ThreadFactory threads;
    private final Dns dns;
    private final AtomicReference<@Nullable Listener> follower = new AtomicReference<>();
    private volatile EtcdLink link;

    private EtcdDcs(DcsConfig config, ThreadFactory threads, Dns dns) {
        this.threads = threads;
        this.dns = dns;
        this.keys = new Keys(config.prefix());
        this.txns = new EtcdTxns(keys);
        this.link = new EtcdLink(config, threads, dns);
    }

    /** Connects at the first call, not here. The threads that it needs are made, and then named, by {@code threads}. */
    public static EtcdDcs connect(DcsConfig config, ThreadFactory threads) {
        return connect(config, threads, Dns.ofThisHost());
    }

    /** As the other one; if DNS is asked where etcd is, then at {@code dns}. */
    public static EtcdDcs connect(DcsConfig config, ThreadFactory threads, Dns dns) {
        return new EtcdDcs(config, threads, dns);
    }

    /**
     * Where etcd is: as {@code config} has it, or as DNS tells now. Blocks for seconds if DNS is asked.
     *
     * @throws IOException with a sentence that says what DNS lacks
     */
    public static List<HostPort> endpoints(DcsConfig config, Dns dns) throws IOException {
        Optional<SrvSearch> search = SrvSearch.of(config, dns);
        return search.isEmpty()
                ? config.endpoints()
                : search.get().find().stream().map(Endpoint::at).toList();
    }

    /**
     * Goes over to other endpoints, certificates or credentials, once etcd has answered there; blocks for seconds.
     *
     * <p>Leases and keys are etcd's and stay. A call in flight may end with {@code NoAnswer}. {@code Refused} changes
     * nothing: nobody answers there, or it is another etcd. While nobody answers at the present endpoints either, the
     * new ones are taken as they are. {@code Done} says whether anything changed.
     */
    public synchronized DcsReply<Boolean> use(DcsConfig wanted) {
        EtcdLink present = link;
        DcsConfig next = wanted.withPrefix(keys.prefix());
        if (next.equals(present.config())) {
            return new Done<>(false);
        }
        EtcdLink fresh = new EtcdLink(next, threads, dns);
        DcsReply<Long> there = fresh.identity(TRIAL_TIMEOUT);
        DcsReply<Long> here = present.identity(TRIAL_TIMEOUT);
        if (here instanceof Done<Long> known && !known.equals(there)) {
            fresh.close();
            return new Refused<>(objection(there));
        }
        @Nullable Listener listener = follower.get();
        present.endFollowing();
        link = fresh;
        if (listener != null) {
            fresh.follow(keys, listener);
        }
        present.close();
        return new Done<>(true);
    }

    private static String objection(DcsReply<Long> there) {
        return switch (there) {
            case Done<Long> other -> "another etcd cluster answers there, which does not have our keys";
            case Refused<Long> refused -> refused.reason();
            case NoAnswer<Long> none -> none.cause();
        };
    }

    @Override
    public void follow(Listener listener) {
        if (!follower.compareAndSet(null, listener)) {
            throw new IllegalStateException("somebody follows already");
        }
        link.follow(keys, listener);
    }

    @Override
    public DcsReply<ClusterView> read(Duration timeout) {
        return link.call(KVGrpc.getRangeMethod(), Wire.range(keys.prefix()), timeout, reply -> new Done<>(view(reply)));
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
        return link.call(
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
        return link.call(
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
        return link.call(
                LeaseGrpc.getLeaseRevokeMethod(),
                request,
                timeout,
                reply -> new Done<>(true),
                failed ->
                        Statuses.isLeaseNotFound(failed.status()) ? new Done<>(false) : new Refused<>(failed.cause()));
    }

    private DcsReply<Revision> send(Txn txn, Duration timeout) {
        return link.call(
                KVGrpc.getTxnMethod(),
                Wire.request(txn),
                timeout,
                reply -> reply.getSucceeded()
                        ? new Done<>(new Revision(reply.getHeader().getRevision()))
                        : new Refused<>(txn.refusal(Wire.contested(reply))));
    }

    @Override
    public DcsReply<Revision> takeLeaderKey(MemberName self, LeaseId lease, Revision seen, Duration timeout) {
        return send(txns.takeLeaderKey(self, lease, seen), timeout);
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
    public DcsReply<Revision> putSync(
            MemberName self, LeaseId lease, Optional<SyncState> next, Revision expected, Duration timeout) {
        return send(txns.putSync(self, lease, next, expected), timeout);
    }

    @Override
    public DcsReply<Revision> removeCluster(Duration timeout) {
        return send(txns.removeCluster(), timeout);
    }

    @Override
    public void close() {
        link.close();
    }
}
