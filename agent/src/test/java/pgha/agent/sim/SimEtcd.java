package pgha.agent.sim;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import pgha.dcs.DcsReply;
import pgha.dcs.Keys;
import pgha.dcs.MemoryStore;
import pgha.dcs.codec.ViewAssembler;
import pgha.dcs.etcd.EtcdTxns;
import pgha.dcs.etcd.Txn;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;

/** The store behind the network: it can be silent, and it looks for leases that are over twice a second. */
final class SimEtcd {
    static final Keys KEYS = new Keys("/service/sim/");
    static final EtcdTxns TXNS = new EtcdTxns(KEYS);

    private final Simulation simulation;
    private final MemoryStore store;
    private boolean silent;
    private boolean meddledWith;
    private boolean slow;

    SimEtcd(Simulation simulation) {
        this.simulation = simulation;
        this.store = new MemoryStore(simulation.now());
        simulation.every(MemoryStore.EXPIRY_INTERVAL, () -> {
            if (!silent) {
                store.expire(simulation.now());
            }
        });
    }

    MemoryStore store() {
        return store;
    }

    boolean isSilent() {
        return silent;
    }

    void silence() {
        silent = true;
    }

    /** It answers just in time. */
    void dawdle(boolean does) {
        slow = does;
    }

    boolean dawdles() {
        return slow;
    }

    /** After an outage somebody is elected in etcd, who restarts all leases. */
    void speak() {
        if (silent) {
            silent = false;
            store.electLeader(simulation.now());
        }
    }

    void electLeader() {
        store.electLeader(simulation.now());
    }

    <T> DcsReply<T> serve(Function<MemoryStore, DcsReply<T>> request) {
        return request.apply(store);
    }

    void follow(Consumer<MemoryStore.Change> watcher) {
        store.subscribe(watcher);
    }

    /** All keys as they are now, for those who look from outside. */
    ClusterView view() {
        ViewAssembler assembler = new ViewAssembler(KEYS, sentence -> {});
        assembler.reset(store.range(KEYS.prefix()), store.revision());
        return assembler.view(store.revision());
    }

    Optional<String> leader() {
        return store.range(KEYS.leader()).stream().map(key -> key.value()).findFirst();
    }

    /** Somebody else's agent publishes under the name of one of ours. */
    void publishNamesake(MemberName name, String apiUrl) {
        Member ours = view().member(name).orElseThrow();
        Member theirs = new Member(
                name,
                ours.connUrl(),
                Optional.of(apiUrl),
                ours.state(),
                ours.role(),
                ours.version(),
                ours.tags(),
                ours.position(),
                ours.receivedLsn(),
                ours.replayedLsn(),
                ours.replicationState(),
                ours.timeline(),
                ours.checkpointedSincePromotion(),
                ours.pendingRestart(),
                ours.paused());
        store.apply(TXNS.putMember(theirs, LeaseId.NONE));
    }

    /** Whoever orders it writes the settings anew. */
    void putSettings(String document) {
        store.apply(new pgha.dcs.etcd.Txn(
                java.util.List.of(),
                java.util.List.of(new pgha.dcs.etcd.Txn.Write.Put(KEYS.config(), document, LeaseId.NONE)),
                KEYS.config()));
    }

    void removeMember(MemberName name) {
        store.apply(TXNS.deleteMember(name));
    }

    /** Somebody deletes everything. */
    void wipe() {
        meddle(() -> store.range(KEYS.prefix()).forEach(key -> delete(key.key())));
    }

    /** Somebody deletes the leader key by hand. */
    void deleteLeader() {
        meddle(() -> delete(KEYS.leader()));
    }

    /** Somebody revokes the leader's lease by hand, and the key goes with it. */
    void revokeLeader() {
        meddle(() -> view().leader().ifPresent(leader -> store.revoke(leader.lease())));
    }

    /** Somebody writes into the leader key by hand, without a lease. */
    void overwriteLeader(String value) {
        meddle(() -> store.apply(
                new Txn(List.of(), List.of(new Txn.Write.Put(KEYS.leader(), value, LeaseId.NONE)), KEYS.leader())));
    }

    /** An operator edits the settings. */
    void changeTtl(long seconds) {
        view().settings().ifPresent(settings -> {
            String document = settings.document().replaceFirst("\"ttl\": *\\d+", "\"ttl\":" + seconds);
            store.apply(TXNS.putSettings(document, settings.revision()));
        });
    }

    /** What is done to keys behind the back of whoever holds them. */
    private void meddle(Runnable what) {
        meddledWith = true;
        what.run();
        meddledWith = false;
    }

    boolean isMeddledWith() {
        return meddledWith;
    }

    private void delete(String key) {
        store.apply(new Txn(List.of(), List.of(new Txn.Write.Delete(key)), key));
    }
}
