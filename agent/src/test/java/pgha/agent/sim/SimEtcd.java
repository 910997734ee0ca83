package pgha.agent.sim;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
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
import pgha.dcs.model.Moment;

/**
 * The store behind the network: three members, of which one leads, that can be silent altogether; it looks for leases
 * that are over twice a second.
 */
final class SimEtcd {
    static final Keys KEYS = new Keys("/service/sim/");
    static final EtcdTxns TXNS = new EtcdTxns(KEYS);

    private final Simulation simulation;
    private final MemoryStore store;
    private boolean silent;
    private boolean meddledWith;
    private final SortedSet<String> robbed = new TreeSet<>();
    private boolean slow;
    private final EtcdMembers members;
    private Optional<MemoryStore.Snapshot> saved = Optional.empty();
    private final SortedMap<String, Moment> wordBrokenUntil = new TreeMap<>();

    SimEtcd(Simulation simulation) {
        this.simulation = simulation;
        this.store = new MemoryStore(simulation.now());
        this.members = new EtcdMembers(simulation, () -> store.electLeader(simulation.now()));
        simulation.every(MemoryStore.EXPIRY_INTERVAL, () -> {
            if (!silent && members.hasLeader()) {
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

    EtcdMembers members() {
        return members;
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

    /** Empty if nobody answers. */
    <T> Optional<DcsReply<T>> serve(String node, Function<MemoryStore, DcsReply<T>> request) {
        boolean answers = !silent && members.hearing(node) == EtcdMembers.Hearing.EVERYTHING;
        return answers ? Optional.of(request.apply(store)) : Optional.empty();
    }

    /** A renewal, which a leader answers that has been cut off; empty if nobody does. */
    Optional<DcsReply<Duration>> renew(String node, LeaseId lease) {
        if (!silent && members.hearing(node) == EtcdMembers.Hearing.RENEWALS_ONLY) {
            if (members.hasTwoLeaders()) {
                store.lease(lease)
                        .filter(l -> holdsLeaderKey(lease))
                        .ifPresent(
                                l -> wordBrokenUntil.put(node, simulation.now().plus(l.ttl())));
            }
            return store.lease(lease).map(l -> new DcsReply.Done<>(l.ttl()));
        }
        return serve(node, s -> s.renew(lease, simulation.now()));
    }

    /** What there is now, for the day on which somebody restores it. */
    void save() {
        saved = Optional.of(store.snapshot());
    }

    /** Goes back to what was saved: everybody is disconnected, keys and revision are of then, leases begin anew. */
    boolean restore() {
        saved.ifPresent(snapshot -> {
            store.restore(snapshot);
            store.electLeader(simulation.now());
        });
        return saved.isPresent();
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

    /** The lease under which {@code name} leads, if it does. */
    Optional<MemoryStore.Lease> leaseOf(MemberName name) {
        return store.range(KEYS.leader()).stream()
                .filter(key -> key.value().equals(name.value()))
                .findFirst()
                .flatMap(key -> store.lease(key.lease()));
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
                ours.scheduledRestart(),
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

    /** What bears a name that nobody here has is deleted, as its owner would. */
    void forgetStrangers(Collection<String> names, String strangersUrl) {
        if (leader().filter(name -> !names.contains(name)).isPresent()) {
            deleteLeader();
        }
        view().members().values().stream()
                .filter(member -> member.apiUrl().filter(strangersUrl::equals).isPresent())
                .forEach(member -> removeMember(member.name()));
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

    /** Somebody writes into the synchronous state by hand. */
    void overwriteSync(String value) {
        store.apply(new Txn(List.of(), List.of(new Txn.Write.Put(KEYS.sync(), value, LeaseId.NONE)), KEYS.sync()));
    }

    /** Somebody deletes it. */
    void deleteSync() {
        delete(KEYS.sync());
    }

    void changeTtl(long seconds) {
        change("ttl", Long.toString(seconds));
    }

    /** An operator edits the settings. */
    void change(String key, String value) {
        view().settings().ifPresent(settings -> {
            String without = settings.document().replaceFirst(",\"" + key + "\": *\"?[a-z0-9]+\"?", "");
            String field = "\"" + key + "\":" + value;
            String document = without.contains("\"" + key + "\"")
                    ? without.replaceFirst("\"" + key + "\": *\"?[a-z0-9]+\"?", field)
                    : without.substring(0, without.length() - 1) + "," + field + "}";
            store.apply(TXNS.putSettings(document, settings.revision()));
        });
    }

    /** What is done to keys behind the back of whoever holds them. */
    private void meddle(Runnable what) {
        Optional<String> leader = leader();
        meddledWith = true;
        what.run();
        meddledWith = false;
        leader.filter(name -> !leader().equals(leader)).ifPresent(robbed::add);
    }

    /** Its leader key was taken away by hand, and nobody has been elected since, nor does it count on a key again. */
    boolean hasRobbed(String node) {
        return robbed.contains(node);
    }

    /** Somebody leads, or an attempt of his has come in of which he may never hear. */
    void keyIsHeld(String name) {
        if (!meddledWith) {
            robbed.removeIf(other -> !other.equals(name));
        }
    }

    /** It counts on this lease. */
    void isCountedOn(MemberName by, LeaseId lease) {
        boolean holds = store.range(KEYS.leader()).stream()
                .anyMatch(key -> key.value().equals(by.value()) && key.lease().equals(lease));
        if (holds) {
            robbed.remove(by.value());
        }
    }

    /** It answers renewals for which only the next election will make up, if it is in time. */
    boolean makesUpLater() {
        return members.hasStaleLeader() || !members.hasLeader();
    }

    /** The lease of this leader, which it said to have renewed, may have ended. */
    boolean hasBrokenItsWordTo(String node) {
        return simulation.now().isBefore(wordBrokenUntil.getOrDefault(node, Moment.EARLIEST));
    }

    private boolean holdsLeaderKey(LeaseId lease) {
        return store.range(KEYS.leader()).stream().anyMatch(key -> key.lease().equals(lease));
    }

    boolean isMeddledWith() {
        return meddledWith;
    }

    private void delete(String key) {
        store.apply(new Txn(List.of(), List.of(new Txn.Write.Delete(key)), key));
    }
}
