package pgha.dcs;

import static org.assertj.core.api.Assertions.assertThat;
import static pgha.dcs.ContractWorld.A;
import static pgha.dcs.ContractWorld.B;
import static pgha.dcs.ContractWorld.EVER;
import static pgha.dcs.ContractWorld.KEYS;
import static pgha.dcs.ContractWorld.PATIENCE;
import static pgha.dcs.ContractWorld.TIMEOUT;
import static pgha.dcs.ContractWorld.TTL;
import static pgha.dcs.ContractWorld.done;
import static pgha.dcs.ContractWorld.member;
import static pgha.dcs.ContractWorld.refused;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import pgha.dcs.Dcs.Grant;
import pgha.dcs.DcsReply.Done;
import pgha.dcs.DcsReply.Refused;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.LeaderRecord;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Revision;

/** What the agent counts on about leases and the leader key. Part of {@link DcsContract}. */
public interface LeaderContract {
    /** The store of the running test, and a client of it. */
    ContractWorld world();

    @Test
    default void theFirstToTakeTheLeaderKeyHasIt() {
        LeaseId lease = world().lease();
        Revision taken = done(world().dcs().takeLeaderKey(A, lease, EVER, TIMEOUT));

        refused(world().dcs().takeLeaderKey(B, world().lease(), EVER, TIMEOUT), "leader is \"a\"");
        assertThat(world().view().leader()).contains(new LeaderRecord(A, lease, taken, taken));
        assertThat(world().store().value(KEYS.leader())).contains("a");
    }

    /** An attempt may be on its way for long; whoever sent it has not been measured against what came since. */
    @Test
    default void whatComesAfterTheLastWordOfANewerLeaderIsRefused() {
        Revision seen = world().view().revision();
        LeaseId newer = world().lease();
        done(world().dcs().takeLeaderKey(B, newer, seen, TIMEOUT));
        ClusterStatus last = ClusterStatus.at(Lsn.parse("0/5000000"));
        done(world().dcs().releaseLeaderKey(B, newer, Optional.of(last), TIMEOUT));

        refused(world().dcs().takeLeaderKey(A, world().lease(), seen, TIMEOUT), "status was written since");
        done(world().dcs().takeLeaderKey(A, world().lease(), world().view().revision(), TIMEOUT));
    }

    @Test
    default void twoClientsRaceAndOneWins() {
        try (Dcs other = world().store().connect()) {
            LeaseId ours = world().lease();
            LeaseId theirs = done(other.grant(TTL, TIMEOUT)).lease();
            List<DcsReply<Revision>> replies = List.of(
                    world().dcs().takeLeaderKey(A, ours, EVER, TIMEOUT), other.takeLeaderKey(B, theirs, EVER, TIMEOUT));
            assertThat(replies).filteredOn(Done.class::isInstance).hasSize(1);
            assertThat(replies).filteredOn(Refused.class::isInstance).hasSize(1);
        }
    }

    @Test
    default void theLeaderKeyDisappearsWithItsLease() {
        RecordingListener listener = world().follow();
        Revision taken = done(world().dcs().takeLeaderKey(A, world().lease(TTL), EVER, TIMEOUT));
        world().await(listener, view -> view.leader().isPresent());

        world().await(listener, view -> view.leader().isEmpty());
        assertThat(listener.latest().vacantSince()).isGreaterThan(taken);
        assertThat(listener.latest().vacantSince()).isEqualTo(listener.latest().revision());
    }

    @Test
    default void aLeaseThatIsRenewedOutlivesItsTtl() {
        LeaseId renewed = world().lease(TTL);
        LeaseId forgotten = world().lease(TTL);
        done(world().dcs().takeLeaderKey(A, renewed, EVER, TIMEOUT));
        done(world().dcs().putMember(member(B), forgotten, TIMEOUT));

        // The other one's end shows that a TTL has passed.
        assertThat(world().store()
                        .passUntil(
                                () -> {
                                    assertThat(done(world().dcs().renew(renewed, TIMEOUT)))
                                            .isEqualTo(TTL);
                                    return world().store().value(KEYS.member(B)).isEmpty();
                                },
                                PATIENCE))
                .isTrue();
        assertThat(world().view().leader()).isPresent();
    }

    @Test
    default void aLeaseThatIsGoneCannotBeRenewed() {
        LeaseId lease = world().lease();
        assertThat(done(world().dcs().revoke(lease, TIMEOUT))).isTrue();
        refused(world().dcs().renew(lease, TIMEOUT), "is gone");
        assertThat(done(world().dcs().revoke(lease, TIMEOUT))).isFalse();
    }

    @Test
    default void aLeaseThatHasExpiredCannotBeRenewed() {
        LeaseId lease = world().lease(TTL);
        done(world().dcs().takeLeaderKey(A, lease, EVER, TIMEOUT));
        assertThat(world().store()
                        .passUntil(() -> world().store().value(KEYS.leader()).isEmpty(), PATIENCE))
                .isTrue();
        refused(world().dcs().renew(lease, TIMEOUT), "is gone");
    }

    @Test
    default void theStoreSaysWhichTtlItGranted() {
        Grant grant = done(world().dcs().grant(Duration.ofSeconds(1), TIMEOUT));
        assertThat(grant.ttl()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    default void anAcquireThatArrivesAfterItsLeaseWasRevokedChangesNothing() {
        LeaseId lease = world().lease();
        done(world().dcs().revoke(lease, TIMEOUT));
        refused(world().dcs().takeLeaderKey(A, lease, EVER, TIMEOUT), "lease not found");
        assertThat(world().store().value(KEYS.leader())).isEmpty();
    }

    @Test
    default void rebindingMovesTheKeyToTheNewLease() {
        LeaseId old = world().lease();
        Revision taken = done(world().dcs().takeLeaderKey(A, old, EVER, TIMEOUT));
        LeaseId fresh = world().lease();

        Revision rebound = done(world().dcs().rebindLeaderKey(A, fresh, taken, TIMEOUT));
        done(world().dcs().revoke(old, TIMEOUT));
        assertThat(world().view().leader()).contains(new LeaderRecord(A, fresh, taken, rebound));
    }

    @Test
    default void nobodyRebindsWhatSomebodyWroteInTheMeantime() {
        Revision taken = done(world().dcs().takeLeaderKey(A, world().lease(), EVER, TIMEOUT));
        done(world().dcs().rebindLeaderKey(A, world().lease(), taken, TIMEOUT));

        refused(world().dcs().rebindLeaderKey(A, world().lease(), taken, TIMEOUT), "leader is \"a\"");
        refused(world().dcs().rebindLeaderKey(B, world().lease(), taken, TIMEOUT), "leader is \"a\"");
    }

    @Test
    default void aReleaseTellsTheLastPositionInTheSameRevision() {
        RecordingListener listener = world().follow();
        LeaseId lease = world().lease();
        done(world().dcs().takeLeaderKey(A, lease, EVER, TIMEOUT));
        done(world().dcs().putStatus(A, ClusterStatus.at(new Lsn(100)), TIMEOUT));
        world().await(listener, view -> view.status().isPresent());

        done(world().dcs().releaseLeaderKey(A, lease, Optional.of(ClusterStatus.at(new Lsn(200))), TIMEOUT));
        world().await(listener, view -> view.leader().isEmpty());
        assertThat(listener.views())
                .filteredOn(view -> view.status().equals(Optional.of(ClusterStatus.at(new Lsn(200)))))
                .first()
                .extracting(ClusterView::leader)
                .isEqualTo(Optional.empty());
    }

    @Test
    default void onlyTheHolderUnderThatLeaseReleases() {
        LeaseId lease = world().lease();
        done(world().dcs().takeLeaderKey(A, lease, EVER, TIMEOUT));

        refused(world().dcs().releaseLeaderKey(A, world().lease(), Optional.empty(), TIMEOUT), "leader is \"a\"");
        refused(world().dcs().releaseLeaderKey(B, lease, Optional.empty(), TIMEOUT), "leader is \"a\"");
        done(world().dcs().releaseLeaderKey(A, lease, Optional.empty(), TIMEOUT));
        refused(world().dcs().releaseLeaderKey(A, lease, Optional.empty(), TIMEOUT), "does not exist");
    }
}
