package pgha.agent.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;
import pgha.agent.ha.Action;
import pgha.agent.ha.Event;
import pgha.agent.ha.Timing;
import pgha.agent.ha.Vouch;
import pgha.dcs.Dcs;
import pgha.dcs.DcsReply;
import pgha.dcs.Keys;
import pgha.dcs.MemoryStore;
import pgha.dcs.etcd.EtcdTxns;
import pgha.dcs.etcd.Txn;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;

/** What becomes of the leader key when the store does a request twice, and when its lease is to be another. */
class LeaseKeepingTest {
    private static final Keys KEYS = new Keys("/service/test/");
    private static final MemberName SELF = new MemberName("pg-1");
    private static final Duration TTL = Duration.ofSeconds(10);

    private Moment now = Moment.EARLIEST.plus(Duration.ofSeconds(100));
    private final MemoryStore store = new MemoryStore(now);
    private final Repeating calls = new Repeating();
    private Timing timing = new Timing(TTL);
    private Optional<Vouch> vouch = Optional.empty();
    private final List<Event> events = new ArrayList<>();
    private final LeaseKeeping keeping = new LeaseKeeping(
            calls,
            new LeaseKeeping.Surroundings(
                    new Terms(), () -> now, events::add, () -> timing, () -> vouch, NOPLogger.NOP_LOGGER));

    /** It may be our own that refused the other, and a server may still write under the lease before. */
    @Test
    void aKeyThatWasPutUnderANewLeaseStaysThoughTheAnswerSaysNo() {
        LeaseId former =
                ((DcsReply.Done<Dcs.Grant>) store.grant(TTL, now)).value().lease();
        store.apply(new EtcdTxns(KEYS).takeLeaderKey(SELF, former, store.revision()));

        keeping.rebind(new Action.RebindLease(store.revision(), Optional.of(former)));

        assertThat(events).singleElement().isInstanceOf(Event.LeaseRefused.class);
        assertThat(store.range(KEYS.leader())).singleElement().satisfies(key -> {
            assertThat(key.value()).isEqualTo("pg-1");
            assertThat(key.lease()).isNotEqualTo(former);
        });
    }

    /** The key may be under the new one all the same, and end with it while the one before is renewed. */
    @Test
    void aLeaseIsNotRenewedAfterAnotherOneWasRefused() {
        calls.twice = false;
        keeping.acquire(store.revision());
        LeaseId held = leaseOfKey();
        calls.twice = true;
        keeping.rebind(new Action.RebindLease(store.revision(), Optional.of(held)));

        now = now.plus(TTL.dividedBy(2));
        vouch = Optional.of(new Vouch(held, now.plus(TTL), true, Optional.empty()));
        keeping.look();

        assertThat(events).last().isInstanceOf(Event.LeaseRefused.class);
    }

    /** A renewal that was under way may have made it longer than the loop knew. */
    @Test
    void aLeaseThatLastsLongerIsNotGivenUpForAShorterOne() {
        calls.twice = false;
        keeping.acquire(store.revision());
        LeaseId held = leaseOfKey();

        timing = new Timing(TTL.dividedBy(2));
        keeping.rebind(new Action.RebindLease(store.revision(), Optional.of(held)));

        assertThat(events).last().isInstanceOf(Event.Refused.class);
        assertThat(leaseOfKey()).isEqualTo(held);
    }

    @Test
    void aLongerLeaseTakesTheKeyOver() {
        calls.twice = false;
        keeping.acquire(store.revision());
        LeaseId held = leaseOfKey();

        timing = new Timing(TTL.multipliedBy(2));
        keeping.rebind(new Action.RebindLease(store.revision(), Optional.of(held)));

        assertThat(events).last().isInstanceOfSatisfying(Event.LeaseAcquired.class, acquired -> assertThat(
                        acquired.term().ttl())
                .isEqualTo(TTL.multipliedBy(2)));
        assertThat(leaseOfKey()).isNotEqualTo(held);
    }

    /** The key may be under the other one, and end with it. */
    @Test
    void aLeaseIsNotRenewedWhileAnotherOnesAnswerIsMissing() {
        calls.twice = false;
        keeping.acquire(store.revision());
        LeaseId held = leaseOfKey();
        calls.losesAnswers = true;
        keeping.rebind(new Action.RebindLease(store.revision(), Optional.of(held)));

        now = now.plus(TTL.dividedBy(2));
        vouch = Optional.of(new Vouch(held, now.plus(TTL), true, Optional.empty()));
        keeping.look();
        assertThat(events).last().isInstanceOf(Event.Unanswered.class);

        calls.losesAnswers = false;
        keeping.rebind(new Action.RebindLease(store.revision(), Optional.of(held)));
        assertThat(events).last().isInstanceOf(Event.LeaseAcquired.class);
    }

    private LeaseId leaseOfKey() {
        return store.range(KEYS.leader()).getFirst().lease();
    }

    private final class Repeating implements LeaseCalls {
        private final EtcdTxns txns = new EtcdTxns(KEYS);
        private boolean twice = true;
        private boolean losesAnswers;

        @Override
        public void grant(Duration ttl, Duration timeout, Consumer<DcsReply<Dcs.Grant>> answer) {
            answer.accept(store.grant(ttl, now));
        }

        @Override
        public void renew(LeaseId lease, Duration timeout, Consumer<DcsReply<Duration>> answer) {
            answer.accept(store.renew(lease, now));
        }

        @Override
        public void revoke(LeaseId lease, Duration timeout, Consumer<DcsReply<Boolean>> answer) {
            answer.accept(store.revoke(lease));
        }

        @Override
        public void take(LeaseId lease, Revision seen, Duration timeout, Consumer<DcsReply<Revision>> answer) {
            answer.accept(done(txns.takeLeaderKey(SELF, lease, seen)));
        }

        @Override
        public void rebind(LeaseId lease, Revision seen, Duration timeout, Consumer<DcsReply<Revision>> answer) {
            answer.accept(done(txns.rebindLeaderKey(SELF, lease, seen)));
        }

        private DcsReply<Revision> done(Txn txn) {
            DcsReply<Revision> first = store.apply(txn);
            if (losesAnswers) {
                return new DcsReply.NoAnswer<>("the answer is lost");
            }
            return twice ? store.apply(txn) : first;
        }

        @Override
        public void askMembers(
                SortedMap<MemberName, String> members,
                Duration ttl,
                Duration timeout,
                Consumer<Optional<String>> answer) {
            answer.accept(Optional.of("nobody is there"));
        }

        @Override
        public void release(
                LeaseId lease, Optional<ClusterStatus> last, Duration timeout, Consumer<DcsReply<Revision>> answer) {
            answer.accept(store.apply(txns.releaseLeaderKey(SELF, lease, last)));
        }
    }
}
