package pgha.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pgha.dcs.Dcs.Grant;
import pgha.dcs.DcsReply.Done;
import pgha.dcs.DcsReply.NoAnswer;
import pgha.dcs.DcsReply.Refused;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.LeaderRecord;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;
import pgha.dcs.model.Role;
import pgha.dcs.model.RunState;
import pgha.dcs.model.SwitchoverRequest;
import pgha.dcs.model.SyncState;
import pgha.dcs.model.SystemIdentifier;
import pgha.dcs.model.Tags;
import pgha.dcs.model.Timeline;
import pgha.dcs.model.TimelineHistory;

/**
 * What the agent counts on, whatever is behind {@link Dcs}.
 *
 * <p>Run against the twin in memory, which the simulator believes, and against real etcd.
 */
public abstract class DcsContract {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration TTL = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final MemberName A = new MemberName("a");
    private static final MemberName B = new MemberName("b");
    private static final SystemIdentifier ID = new SystemIdentifier("7123456789012345678");
    private static final Keys KEYS = new Keys(StoreUnderTest.PREFIX);

    private StoreUnderTest store;
    private Dcs dcs;

    /** A fresh, empty store. */
    protected abstract StoreUnderTest open();

    @BeforeEach
    void begin() {
        store = open();
        dcs = store.connect();
    }

    @AfterEach
    void end() {
        dcs.close();
        store.close();
    }

    private static <T> T done(DcsReply<T> reply) {
        assertThat(reply).isInstanceOf(Done.class);
        return ((Done<T>) reply).value();
    }

    private static void refused(DcsReply<?> reply, String part) {
        assertThat(reply).isInstanceOf(Refused.class);
        assertThat(((Refused<?>) reply).reason()).contains(part);
    }

    private LeaseId lease() {
        return lease(Duration.ofSeconds(60));
    }

    private LeaseId lease(Duration ttl) {
        return done(dcs.grant(ttl, TIMEOUT)).lease();
    }

    private ClusterView view() {
        return done(dcs.read(TIMEOUT));
    }

    private RecordingListener follow() {
        RecordingListener listener = new RecordingListener();
        dcs.follow(listener);
        await(listener, view -> view.revision().isAfter(Revision.ZERO));
        return listener;
    }

    private void await(RecordingListener listener, Predicate<ClusterView> condition) {
        assertThat(store.passUntil(() -> condition.test(listener.latest()), PATIENCE))
                .as("the awaited view; the last one was %s", listener.latest())
                .isTrue();
    }

    @Test
    void anEmptyStoreIsAnEmptyView() {
        assertThat(view().leader()).isEmpty();
        assertThat(view().initialize()).isEqualTo(new InitializeKey.Absent());
        assertThat(view().vacantSince()).isEqualTo(view().revision());
    }

    @Test
    void theFirstToTakeTheLeaderKeyHasIt() {
        LeaseId lease = lease();
        Revision taken = done(dcs.takeLeaderKey(A, lease, TIMEOUT));

        refused(dcs.takeLeaderKey(B, lease(), TIMEOUT), "leader is \"a\"");
        assertThat(view().leader()).contains(new LeaderRecord(A, lease, taken, taken));
        assertThat(store.value(KEYS.leader())).contains("a");
    }

    @Test
    void twoClientsRaceAndOneWins() {
        try (Dcs other = store.connect()) {
            LeaseId ours = lease();
            LeaseId theirs = done(other.grant(TTL, TIMEOUT)).lease();
            List<DcsReply<Revision>> replies =
                    List.of(dcs.takeLeaderKey(A, ours, TIMEOUT), other.takeLeaderKey(B, theirs, TIMEOUT));
            assertThat(replies).filteredOn(Done.class::isInstance).hasSize(1);
            assertThat(replies).filteredOn(Refused.class::isInstance).hasSize(1);
        }
    }

    @Test
    void theLeaderKeyDisappearsWithItsLease() {
        RecordingListener listener = follow();
        Revision taken = done(dcs.takeLeaderKey(A, lease(TTL), TIMEOUT));
        await(listener, view -> view.leader().isPresent());

        await(listener, view -> view.leader().isEmpty());
        assertThat(listener.latest().vacantSince()).isGreaterThan(taken);
        assertThat(listener.latest().vacantSince()).isEqualTo(listener.latest().revision());
    }

    @Test
    void aLeaseThatIsRenewedOutlivesItsTtl() {
        LeaseId renewed = lease(TTL);
        LeaseId forgotten = lease(TTL);
        done(dcs.takeLeaderKey(A, renewed, TIMEOUT));
        done(dcs.putMember(member(B), forgotten, TIMEOUT));

        // The other one's end shows that a TTL has passed.
        assertThat(store.passUntil(
                        () -> {
                            assertThat(done(dcs.renew(renewed, TIMEOUT))).isEqualTo(TTL);
                            return store.value(KEYS.member(B)).isEmpty();
                        },
                        PATIENCE))
                .isTrue();
        assertThat(view().leader()).isPresent();
    }

    @Test
    void aLeaseThatIsGoneCannotBeRenewed() {
        LeaseId lease = lease();
        assertThat(done(dcs.revoke(lease, TIMEOUT))).isTrue();
        refused(dcs.renew(lease, TIMEOUT), "is gone");
        assertThat(done(dcs.revoke(lease, TIMEOUT))).isFalse();
    }

    @Test
    void aLeaseThatHasExpiredCannotBeRenewed() {
        LeaseId lease = lease(TTL);
        done(dcs.takeLeaderKey(A, lease, TIMEOUT));
        assertThat(store.passUntil(() -> store.value(KEYS.leader()).isEmpty(), PATIENCE))
                .isTrue();
        refused(dcs.renew(lease, TIMEOUT), "is gone");
    }

    @Test
    void theStoreSaysWhichTtlItGranted() {
        Grant grant = done(dcs.grant(Duration.ofSeconds(1), TIMEOUT));
        assertThat(grant.ttl()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void anAcquireThatArrivesAfterItsLeaseWasRevokedChangesNothing() {
        LeaseId lease = lease();
        done(dcs.revoke(lease, TIMEOUT));
        refused(dcs.takeLeaderKey(A, lease, TIMEOUT), "lease not found");
        assertThat(store.value(KEYS.leader())).isEmpty();
    }

    @Test
    void rebindingMovesTheKeyToTheNewLease() {
        LeaseId old = lease();
        Revision taken = done(dcs.takeLeaderKey(A, old, TIMEOUT));
        LeaseId fresh = lease();

        Revision rebound = done(dcs.rebindLeaderKey(A, fresh, taken, TIMEOUT));
        done(dcs.revoke(old, TIMEOUT));
        assertThat(view().leader()).contains(new LeaderRecord(A, fresh, taken, rebound));
    }

    @Test
    void nobodyRebindsWhatSomebodyWroteInTheMeantime() {
        Revision taken = done(dcs.takeLeaderKey(A, lease(), TIMEOUT));
        done(dcs.rebindLeaderKey(A, lease(), taken, TIMEOUT));

        refused(dcs.rebindLeaderKey(A, lease(), taken, TIMEOUT), "leader is \"a\"");
        refused(dcs.rebindLeaderKey(B, lease(), taken, TIMEOUT), "leader is \"a\"");
    }

    @Test
    void aReleaseTellsTheLastPositionInTheSameRevision() {
        RecordingListener listener = follow();
        LeaseId lease = lease();
        done(dcs.takeLeaderKey(A, lease, TIMEOUT));
        done(dcs.putStatus(A, ClusterStatus.at(new Lsn(100)), TIMEOUT));
        await(listener, view -> view.status().isPresent());

        done(dcs.releaseLeaderKey(A, lease, Optional.of(ClusterStatus.at(new Lsn(200))), TIMEOUT));
        await(listener, view -> view.leader().isEmpty());
        assertThat(listener.views())
                .filteredOn(view -> view.status().equals(Optional.of(ClusterStatus.at(new Lsn(200)))))
                .first()
                .extracting(ClusterView::leader)
                .isEqualTo(Optional.empty());
    }

    @Test
    void onlyTheHolderUnderThatLeaseReleases() {
        LeaseId lease = lease();
        done(dcs.takeLeaderKey(A, lease, TIMEOUT));

        refused(dcs.releaseLeaderKey(A, lease(), Optional.empty(), TIMEOUT), "leader is \"a\"");
        refused(dcs.releaseLeaderKey(B, lease, Optional.empty(), TIMEOUT), "leader is \"a\"");
        done(dcs.releaseLeaderKey(A, lease, Optional.empty(), TIMEOUT));
        refused(dcs.releaseLeaderKey(A, lease, Optional.empty(), TIMEOUT), "does not exist");
    }

    @Test
    void oneClaimAtATimeAndItDisappearsWithItsClaimer() {
        LeaseId lease = lease();
        Revision claimed = done(dcs.claimInitialize(lease, TIMEOUT));
        assertThat(view().initialize()).isEqualTo(new InitializeKey.Claimed(claimed, lease));
        refused(dcs.claimInitialize(lease(), TIMEOUT), "initialize is \"\"");

        done(dcs.revoke(lease, TIMEOUT));
        assertThat(view().initialize()).isEqualTo(new InitializeKey.Absent());
    }

    @Test
    void onlyTheClaimerTakesItsClaimBack() {
        Revision first = done(dcs.claimInitialize(lease(), TIMEOUT));
        done(dcs.withdrawInitialize(first, TIMEOUT));
        Revision second = done(dcs.claimInitialize(lease(), TIMEOUT));

        refused(dcs.withdrawInitialize(first, TIMEOUT), "initialize is \"\"");
        done(dcs.withdrawInitialize(second, TIMEOUT));
    }

    @Test
    void theIdentityIsWrittenOverOnesOwnClaimAndStays() {
        LeaseId lease = lease();
        Revision claimed = done(dcs.claimInitialize(lease, TIMEOUT));
        done(dcs.completeInitialize(ID, Optional.of(claimed), TIMEOUT));

        done(dcs.revoke(lease, TIMEOUT));
        assertThat(view().initialize()).isEqualTo(new InitializeKey.Done(ID));
        assertThat(store.value(KEYS.initialize())).contains(ID.value());
        refused(dcs.completeInitialize(ID, Optional.of(claimed), TIMEOUT), ID.value());
        refused(dcs.completeInitialize(ID, Optional.empty(), TIMEOUT), ID.value());
    }

    @Test
    void theIdentityIsWrittenWhereThereIsNone() {
        done(dcs.completeInitialize(ID, Optional.empty(), TIMEOUT));
        store.delete(KEYS.initialize());
        done(dcs.completeInitialize(ID, Optional.of(new Revision(1)), TIMEOUT));
    }

    @Test
    void theIdentityIsNotWrittenOverAnothersClaim() {
        Revision first = done(dcs.claimInitialize(lease(), TIMEOUT));
        done(dcs.withdrawInitialize(first, TIMEOUT));
        done(dcs.claimInitialize(lease(), TIMEOUT));

        refused(dcs.completeInitialize(ID, Optional.of(first), TIMEOUT), "initialize is \"\"");
        refused(dcs.completeInitialize(ID, Optional.empty(), TIMEOUT), "initialize is \"\"");
    }

    @Test
    void onlyTheLeaderPublishesStatusAndHistory() {
        TimelineHistory history = new TimelineHistory(
                List.of(new TimelineHistory.Switch(new Timeline(1), new Lsn(5), "no reason", "", "")));
        refused(dcs.putStatus(A, ClusterStatus.at(new Lsn(7)), TIMEOUT), "does not exist");
        done(dcs.takeLeaderKey(A, lease(), TIMEOUT));
        refused(dcs.putStatus(B, ClusterStatus.at(new Lsn(7)), TIMEOUT), "leader is \"a\"");
        refused(dcs.putHistory(B, history, TIMEOUT), "leader is \"a\"");

        done(dcs.putStatus(A, ClusterStatus.at(new Lsn(7)), TIMEOUT));
        done(dcs.putHistory(A, history, TIMEOUT));
        assertThat(view().status()).contains(ClusterStatus.at(new Lsn(7)));
        assertThat(view().history()).contains(history);
    }

    @Test
    void aMemberDisappearsWithItsLeaseOrWhenItLeaves() {
        LeaseId lease = lease();
        done(dcs.putMember(member(A), lease, TIMEOUT));
        done(dcs.putMember(member(B), lease, TIMEOUT));
        assertThat(view().members()).containsOnlyKeys(A, B).containsEntry(A, member(A));

        done(dcs.deleteMember(A, TIMEOUT));
        assertThat(view().members()).containsOnlyKeys(B);
        done(dcs.revoke(lease, TIMEOUT));
        assertThat(view().members()).isEmpty();
        refused(dcs.putMember(member(A), lease, TIMEOUT), "lease not found");
    }

    @Test
    void settingsAreReplacedOnlyIfTheyWereSeen() {
        Revision first = done(dcs.putSettings("{\"ttl\":20}", Revision.ZERO, TIMEOUT));
        refused(dcs.putSettings("{\"ttl\":25}", Revision.ZERO, TIMEOUT), "config is");

        done(dcs.putSettings("{\"ttl\":25}", first, TIMEOUT));
        refused(dcs.putSettings("{\"ttl\":30}", first, TIMEOUT), "config is");
        assertThat(view().settings().orElseThrow().document()).isEqualTo("{\"ttl\":25}");
        assertThat(view().settings().orElseThrow().revision()).isGreaterThan(first);
    }

    @Test
    void aNewerSwitchoverRequestIsNotTakenAway() {
        SwitchoverRequest request =
                new SwitchoverRequest(Optional.of(A), Optional.of(B), Optional.empty(), Revision.ZERO);
        Revision first = done(dcs.putSwitchover(request, TIMEOUT));
        Revision second = done(dcs.putSwitchover(request, TIMEOUT));
        refused(dcs.clearSwitchover(first, TIMEOUT), "failover is");

        assertThat(view().request().orElseThrow().revision()).isEqualTo(second);
        done(dcs.clearSwitchover(second, TIMEOUT));
        assertThat(view().request()).isEmpty();
        assertThat(store.value(KEYS.failover())).contains("{}");
    }

    @Test
    void theSynchronousStateIsReplacedOnlyIfItWasSeen() {
        SyncState sync = new SyncState(A, 0, new TreeSet<>(List.of(B)), Revision.ZERO);
        Revision first = done(dcs.putSync(Optional.of(sync), Revision.ZERO, TIMEOUT));
        refused(dcs.putSync(Optional.of(sync), Revision.ZERO, TIMEOUT), "sync is");
        assertThat(view().sync()).contains(new SyncState(A, 0, sync.voters(), first));

        done(dcs.putSync(Optional.empty(), first, TIMEOUT));
        assertThat(store.value(KEYS.sync())).isEmpty();
    }

    @Test
    void aFollowerSeesEveryChangeInOrder() {
        RecordingListener listener = follow();
        done(dcs.takeLeaderKey(A, lease(), TIMEOUT));
        for (int i = 1; i <= 50; i++) {
            done(dcs.putStatus(A, ClusterStatus.at(new Lsn(i)), TIMEOUT));
        }
        await(listener, view -> view.status().equals(Optional.of(ClusterStatus.at(new Lsn(50)))));

        assertThat(listener.views())
                .extracting(ClusterView::revision)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(listener.views())
                .extracting(
                        view -> view.status().orElse(ClusterStatus.at(Lsn.ZERO)).lastLsn())
                .isSorted();
        assertThat(listener.losses()).isEmpty();
    }

    @Test
    void whatHappensBetweenTheReadAndTheWatchIsNotLost() {
        try (Dcs writer = store.connect()) {
            done(writer.takeLeaderKey(A, lease(), TIMEOUT));
            RecordingListener listener = new RecordingListener();
            dcs.follow(listener);
            for (int i = 1; i <= 20; i++) {
                done(writer.putStatus(A, ClusterStatus.at(new Lsn(i)), TIMEOUT));
            }
            await(listener, view -> view.status().equals(Optional.of(ClusterStatus.at(new Lsn(20)))));
            assertThat(listener.views()).extracting(ClusterView::revision).isSorted();
        }
    }

    @Test
    void aCompactionDoesNotDisturbAFollower() {
        RecordingListener listener = follow();
        store.put(KEYS.status(), "1");
        store.compact();
        store.put(KEYS.status(), "2");
        await(listener, view -> view.status().equals(Optional.of(ClusterStatus.at(new Lsn(2)))));
        assertThat(listener.losses()).isEmpty();
    }

    @Test
    void garbageInTheLeaderKeyIsSomebodyElseWhoLeads() {
        RecordingListener listener = follow();
        for (String garbage : List.of("{\"not\":\"a name\"}", "x/y", " ", "a\n")) {
            store.put(KEYS.leader(), garbage);
            await(
                    listener,
                    view -> view.leader().isPresent()
                            && view.leader().get().modified().equals(view.revision()));
            assertThat(listener.latest().leader().orElseThrow().name()).isNotEqualTo(A);
            store.delete(KEYS.leader());
            await(listener, view -> view.leader().isEmpty());
        }
    }

    @Test
    void garbageInAnotherKeyLeavesTheLastGoodValueAndOneWarning() {
        RecordingListener listener = follow();
        store.put(KEYS.config(), "{\"ttl\":20}");
        store.put(KEYS.config(), "{\"ttl\"");
        store.put(KEYS.status(), "17");
        await(listener, view -> view.status().isPresent());

        assertThat(listener.latest().settings().orElseThrow().ttl()).isEqualTo(Duration.ofSeconds(20));
        assertThat(listener.warnings()).singleElement().asString().startsWith("cannot understand the key config: ");
        store.fallSilent();
        assertThat(store.passUntil(() -> !listener.losses().isEmpty(), PATIENCE))
                .isTrue();
        int before = listener.views().size();
        store.speakAgain();
        assertThat(store.passUntil(() -> listener.views().size() > before, PATIENCE))
                .isTrue();
        assertThat(listener.latest().settings().orElseThrow().ttl()).isEqualTo(Duration.ofSeconds(20));
        assertThat(listener.warnings()).hasSize(1);
    }

    @Test
    void silenceIsNoAnswerAndALostLinkAndEndsWithAFreshView() {
        RecordingListener listener = follow();
        LeaseId lease = lease();
        store.fallSilent();

        assertThat(dcs.takeLeaderKey(A, lease, Duration.ofMillis(500))).isInstanceOf(NoAnswer.class);
        assertThat(dcs.renew(lease, Duration.ofMillis(500))).isInstanceOf(NoAnswer.class);
        assertThat(dcs.read(Duration.ofMillis(500))).isInstanceOf(NoAnswer.class);
        assertThat(store.passUntil(() -> !listener.losses().isEmpty(), PATIENCE))
                .isTrue();

        int before = listener.views().size();
        store.speakAgain();
        assertThat(store.passUntil(() -> listener.views().size() > before, PATIENCE))
                .isTrue();
        assertThat(listener.losses()).hasSize(1);
        done(dcs.renew(lease, TIMEOUT));
    }

    private static Member member(MemberName name) {
        return new Member(
                name,
                Optional.of("postgres://10.0.0.1:5432/postgres"),
                Optional.of("http://10.0.0.1:8008/patroni"),
                RunState.RUNNING,
                Role.REPLICA,
                "4.1.4",
                Tags.NONE,
                Optional.of(new Lsn(67395656)),
                Optional.of(new Lsn(67395656)),
                Optional.of(new Lsn(67395656)),
                Optional.of("streaming"),
                Optional.of(new Timeline(5)),
                true,
                false,
                false);
    }
}
