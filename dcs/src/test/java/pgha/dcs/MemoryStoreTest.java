package pgha.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import pgha.dcs.DcsReply.Done;
import pgha.dcs.DcsReply.Refused;
import pgha.dcs.etcd.Txn;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;

/** Shows the rules of etcd that the twin has and the contract cannot see. */
final class MemoryStoreTest {
    private static final Moment START = new Moment(0);

    private final MemoryStore store = new MemoryStore(START);

    private static Moment at(double seconds) {
        return START.plus(Duration.ofNanos((long) (seconds * 1e9)));
    }

    private LeaseId grant(double now, int seconds) {
        return ((Done<Dcs.Grant>) store.grant(Duration.ofSeconds(seconds), at(now)))
                .value()
                .lease();
    }

    private void put(String key, LeaseId lease) {
        store.apply(new Txn(List.of(), List.of(new Txn.Write.Put(key, "x", lease)), key));
    }

    @Test
    void expiredLeasesAreLookedForEveryHalfSecond() {
        LeaseId lease = grant(0.1, 2);
        put("k", lease);
        assertThat(store.nextExpiry()).isEqualTo(at(2.5));

        store.expire(at(2.4));
        assertThat(store.range("k")).hasSize(1);
        assertThat(store.renew(lease, at(2.4))).isInstanceOf(Refused.class);
        store.expire(at(2.5));
        assertThat(store.range("k")).isEmpty();
        assertThat(store.nextExpiry()).isEqualTo(Moment.NEVER);
    }

    @Test
    void anElectionRestartsEveryLease() {
        LeaseId lease = grant(0, 5);
        store.electLeader(at(4));
        store.expire(at(8.9));
        assertThat(store.lease(lease)).isPresent();
        store.expire(at(9));
        assertThat(store.lease(lease)).isEmpty();
    }

    @Test
    void keysOfOneLeaseGoAtOneRevision() {
        List<MemoryStore.Change> changes = new ArrayList<>();
        LeaseId lease = grant(0, 5);
        put("a", lease);
        put("b", lease);
        store.subscribe(changes::add);
        store.revoke(lease);
        assertThat(changes).containsExactly(new MemoryStore.Change(new Revision(4), List.of(), List.of("a", "b")));
        assertThat(store.changesAfter(new Revision(3))).isEqualTo(changes);
    }

    @Test
    void aRestoredSnapshotIsTheWorldAsItWas() {
        put("a", LeaseId.NONE);
        MemoryStore.Snapshot snapshot = store.snapshot();
        put("b", LeaseId.NONE);
        store.restore(snapshot);
        assertThat(store.revision()).isEqualTo(new Revision(2));
        assertThat(store.range("")).extracting("key").containsExactly("a");
    }
}
