package pgha.dcs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import pgha.dcs.Dcs.Grant;
import pgha.dcs.DcsReply.Done;
import pgha.dcs.DcsReply.Refused;
import pgha.dcs.codec.StoredKey;
import pgha.dcs.etcd.Txn;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;

/**
 * etcd as far as we use it: keys, revisions, transactions and leases, on a supplied clock.
 *
 * <p>Not thread-safe, and deterministic: lease ids count up, nothing happens between calls. Whoever drives it calls
 * {@link #expire} at {@link #nextExpiry} (or whenever it likes) with a clock that never goes back. etcd's own rules are
 * in it: a lease is at least {@link #LEAST_TTL} long; expired leases are looked for every {@link #EXPIRY_INTERVAL}, and
 * until then their keys stay although they cannot be renewed any more; an election of etcd's leader restarts every
 * lease at its full length.
 */
public final class MemoryStore {
    public static final Duration LEAST_TTL = Duration.ofSeconds(2);
    public static final Duration EXPIRY_INTERVAL = Duration.ofMillis(500);

    /**
     * One revision.
     *
     * @param puts keys as written
     * @param deletes keys that are gone
     */
    public record Change(Revision revision, List<StoredKey> puts, List<String> deletes) {}

    /** Everything at one point, to go back to. Opaque. */
    public record Snapshot(NavigableMap<String, StoredKey> keys, NavigableMap<Long, Lease> leases, long revision) {}

    /** A lease, and when it is over. */
    public record Lease(Duration ttl, Moment expiresAt) {}

    private final Moment start;
    private final List<Consumer<Change>> watchers = new ArrayList<>();
    private final List<Change> history = new ArrayList<>();
    private NavigableMap<String, StoredKey> keys = new TreeMap<>();
    private NavigableMap<Long, Lease> leases = new TreeMap<>();
    private long revision = 1;
    private long nextLease = 0x1001;

    /** @param start the moment from which the intervals of expiry count */
    public MemoryStore(Moment start) {
        this.start = start;
    }

    public Revision revision() {
        return new Revision(revision);
    }

    public DcsReply<Grant> grant(Duration ttl, Moment now) {
        Duration granted = ttl.compareTo(LEAST_TTL) < 0 ? LEAST_TTL : ttl;
        LeaseId id = new LeaseId(nextLease++);
        leases.put(id.id(), new Lease(granted, now.plus(granted)));
        return new Done<>(new Grant(id, granted));
    }

    public DcsReply<Duration> renew(LeaseId id, Moment now) {
        @Nullable Lease lease = leases.get(id.id());
        if (lease == null || !now.isBefore(lease.expiresAt())) {
            return new Refused<>("lease " + id + " is gone");
        }
        leases.put(id.id(), new Lease(lease.ttl(), now.plus(lease.ttl())));
        return new Done<>(lease.ttl());
    }

    /** Ends a lease and deletes its keys, at one revision. */
    public DcsReply<Boolean> revoke(LeaseId id) {
        if (leases.remove(id.id()) == null) {
            return new Done<>(false);
        }
        List<String> tied = keys.values().stream()
                .filter(key -> key.lease().equals(id))
                .map(StoredKey::key)
                .toList();
        if (!tied.isEmpty()) {
            revision++;
            tied.forEach(keys::remove);
            publish(new Change(revision(), List.of(), tied));
        }
        return new Done<>(true);
    }

    public DcsReply<Revision> apply(Txn txn) {
        if (!txn.guards().stream().allMatch(this::holds)) {
            return new Refused<>(txn.refusal(Optional.ofNullable(keys.get(txn.contested()))));
        }
        for (Txn.Write write : txn.writes()) {
            if (write instanceof Txn.Write.Put put
                    && !put.lease().equals(LeaseId.NONE)
                    && !leases.containsKey(put.lease().id())) {
                return new Refused<>("etcdserver: requested lease not found");
            }
        }
        write(txn.writes());
        return new Done<>(revision());
    }

    private boolean holds(Txn.Guard guard) {
        @Nullable StoredKey key = keys.get(guard.key());
        Revision modified = key == null ? Revision.ZERO : key.modified();
        return switch (guard) {
            case Txn.Guard.ValueIs g -> key != null && key.value().equals(g.value());
            case Txn.Guard.LeaseIs g -> key != null && key.lease().equals(g.lease());
            case Txn.Guard.ModifiedAt g -> modified.equals(g.revision());
            case Txn.Guard.NotModifiedAfter g -> !modified.isAfter(g.revision());
        };
    }

    private void write(List<Txn.Write> writes) {
        Revision next = new Revision(revision + 1);
        List<StoredKey> puts = new ArrayList<>();
        List<String> deletes = new ArrayList<>();
        for (Txn.Write write : writes) {
            switch (write) {
                case Txn.Write.Put put -> {
                    @Nullable StoredKey old = keys.get(put.key());
                    Revision created = old == null ? next : old.created();
                    StoredKey fresh = new StoredKey(put.key(), put.value(), put.lease(), created, next);
                    keys.put(put.key(), fresh);
                    puts.add(fresh);
                }
                case Txn.Write.DeleteBelow below -> {
                    List<String> gone = List.copyOf(keys.subMap(below.key(), below.key() + Character.MAX_VALUE)
                            .keySet());
                    keys.keySet().removeAll(gone);
                    deletes.addAll(gone);
                }
                case Txn.Write.Delete delete -> {
                    if (keys.remove(delete.key()) != null) {
                        deletes.add(delete.key());
                    }
                }
            }
        }
        if (!puts.isEmpty() || !deletes.isEmpty()) {
            revision++;
            publish(new Change(next, List.copyOf(puts), List.copyOf(deletes)));
        }
    }

    public List<StoredKey> range(String prefix) {
        return keys.values().stream()
                .filter(key -> key.key().startsWith(prefix))
                .toList();
    }

    /** What happened after {@code seen}, oldest first: what a watch from the next revision would tell. */
    public List<Change> changesAfter(Revision seen) {
        return history.stream()
                .filter(change -> change.revision().isAfter(seen))
                .toList();
    }

    /** Tells of every change from now on, in the call that makes it. */
    public void subscribe(Consumer<Change> watcher) {
        watchers.add(watcher);
    }

    public void unsubscribe(Consumer<Change> watcher) {
        watchers.remove(watcher);
    }

    private void publish(Change change) {
        history.add(change);
        List.copyOf(watchers).forEach(watcher -> watcher.accept(change));
    }

    /** When the next lease will be found to be over, if nobody renews it; never, if there is none. */
    public Moment nextExpiry() {
        return leases.values().stream()
                .map(this::foundOverAt)
                .min(Comparator.naturalOrder())
                .orElse(Moment.NEVER);
    }

    /** Ends all leases that have been found to be over by {@code now}, in the order in which they were. */
    public void expire(Moment now) {
        while (!nextExpiry().isAfter(now)) {
            Moment next = nextExpiry();
            long id = leases.entrySet().stream()
                    .filter(lease -> foundOverAt(lease.getValue()).equals(next))
                    .findFirst()
                    .orElseThrow()
                    .getKey();
            revoke(new LeaseId(id));
        }
    }

    private Moment foundOverAt(Lease lease) {
        long interval = EXPIRY_INTERVAL.toNanos();
        long after = start.until(lease.expiresAt()).toNanos();
        return start.plus(Duration.ofNanos(Math.ceilDiv(after, interval) * interval));
    }

    public Optional<Lease> lease(LeaseId id) {
        return Optional.ofNullable(leases.get(id.id()));
    }

    /** A new leader of etcd's own does not know when leases were renewed last, and restarts them all. */
    public void electLeader(Moment now) {
        leases.replaceAll((id, lease) -> new Lease(lease.ttl(), now.plus(lease.ttl())));
    }

    public Snapshot snapshot() {
        return new Snapshot(new TreeMap<>(keys), new TreeMap<>(leases), revision);
    }

    /** Goes back in time, as an etcd that is restored from a snapshot does: watchers are told nothing. */
    public void restore(Snapshot snapshot) {
        keys = new TreeMap<>(snapshot.keys());
        leases = new TreeMap<>(snapshot.leases());
        revision = snapshot.revision();
        history.removeIf(change -> change.revision().number() > snapshot.revision());
    }
}
