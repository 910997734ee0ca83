package pgha.dcs;

import static org.assertj.core.api.Assertions.assertThat;
import static pgha.dcs.ContractWorld.A;
import static pgha.dcs.ContractWorld.B;
import static pgha.dcs.ContractWorld.EVER;
import static pgha.dcs.ContractWorld.ID;
import static pgha.dcs.ContractWorld.KEYS;
import static pgha.dcs.ContractWorld.TIMEOUT;
import static pgha.dcs.ContractWorld.done;
import static pgha.dcs.ContractWorld.member;
import static pgha.dcs.ContractWorld.refused;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SwitchoverRequest;
import pgha.dcs.model.SyncState;
import pgha.dcs.model.Timeline;
import pgha.dcs.model.TimelineHistory;

/** What the agent counts on about all keys but the leader's. Part of {@link DcsContract}. */
public interface KeyContract {
    /** The store of the running test, and a client of it. */
    ContractWorld world();

    @Test
    default void oneClaimAtATimeAndItDisappearsWithItsClaimer() {
        LeaseId lease = world().lease();
        Revision claimed = done(world().dcs().claimInitialize(lease, TIMEOUT));
        assertThat(world().view().initialize()).isEqualTo(new InitializeKey.Claimed(claimed, lease));
        refused(world().dcs().claimInitialize(world().lease(), TIMEOUT), "initialize is \"\"");

        done(world().dcs().revoke(lease, TIMEOUT));
        assertThat(world().view().initialize()).isEqualTo(new InitializeKey.Absent());
    }

    @Test
    default void onlyTheClaimerTakesItsClaimBack() {
        Revision first = done(world().dcs().claimInitialize(world().lease(), TIMEOUT));
        done(world().dcs().withdrawInitialize(first, TIMEOUT));
        Revision second = done(world().dcs().claimInitialize(world().lease(), TIMEOUT));

        refused(world().dcs().withdrawInitialize(first, TIMEOUT), "initialize is \"\"");
        done(world().dcs().withdrawInitialize(second, TIMEOUT));
    }

    @Test
    default void theIdentityIsWrittenOverOnesOwnClaimAndStays() {
        LeaseId lease = world().lease();
        Revision claimed = done(world().dcs().claimInitialize(lease, TIMEOUT));
        done(world().dcs().completeInitialize(ID, Optional.of(claimed), TIMEOUT));

        done(world().dcs().revoke(lease, TIMEOUT));
        assertThat(world().view().initialize()).isEqualTo(new InitializeKey.Done(ID));
        assertThat(world().store().value(KEYS.initialize())).contains(ID.value());
        refused(world().dcs().completeInitialize(ID, Optional.of(claimed), TIMEOUT), ID.value());
        refused(world().dcs().completeInitialize(ID, Optional.empty(), TIMEOUT), ID.value());
    }

    @Test
    default void theIdentityIsWrittenWhereThereIsNone() {
        done(world().dcs().completeInitialize(ID, Optional.empty(), TIMEOUT));
        world().store().delete(KEYS.initialize());
        done(world().dcs().completeInitialize(ID, Optional.of(new Revision(1)), TIMEOUT));
    }

    @Test
    default void theIdentityIsNotWrittenOverAnothersClaim() {
        Revision first = done(world().dcs().claimInitialize(world().lease(), TIMEOUT));
        done(world().dcs().withdrawInitialize(first, TIMEOUT));
        done(world().dcs().claimInitialize(world().lease(), TIMEOUT));

        refused(world().dcs().completeInitialize(ID, Optional.of(first), TIMEOUT), "initialize is \"\"");
        refused(world().dcs().completeInitialize(ID, Optional.empty(), TIMEOUT), "initialize is \"\"");
    }

    @Test
    default void onlyTheLeaderPublishesStatusAndHistory() {
        TimelineHistory history = new TimelineHistory(
                List.of(new TimelineHistory.Switch(new Timeline(1), new Lsn(5), "no reason", "", "")));
        refused(world().dcs().putStatus(A, ClusterStatus.at(new Lsn(7)), TIMEOUT), "does not exist");
        done(world().dcs().takeLeaderKey(A, world().lease(), EVER, TIMEOUT));
        refused(world().dcs().putStatus(B, ClusterStatus.at(new Lsn(7)), TIMEOUT), "leader is \"a\"");
        refused(world().dcs().putHistory(B, history, TIMEOUT), "leader is \"a\"");

        done(world().dcs().putStatus(A, ClusterStatus.at(new Lsn(7)), TIMEOUT));
        done(world().dcs().putHistory(A, history, TIMEOUT));
        assertThat(world().view().status()).contains(ClusterStatus.at(new Lsn(7)));
        assertThat(world().view().history()).contains(history);
    }

    @Test
    default void onlyTheTenureThatLeadsSaysWhomToAskWithoutTheStore() {
        SortedMap<MemberName, String> all =
                new TreeMap<>(Map.of(A, "http://a:8008/patroni", B, "http://b:8008/patroni"));
        LeaseId lease = world().lease();
        refused(world().dcs().putFailsafe(A, lease, all, TIMEOUT), "does not exist");
        done(world().dcs().takeLeaderKey(A, lease, EVER, TIMEOUT));
        refused(world().dcs().putFailsafe(B, lease, all, TIMEOUT), "leader is \"a\"");
        refused(world().dcs().putFailsafe(A, world().lease(), all, TIMEOUT), "leader");

        done(world().dcs().putFailsafe(A, lease, all, TIMEOUT));
        assertThat(world().view().failsafe()).isEqualTo(all);
        done(world().dcs().putFailsafe(A, lease, new TreeMap<>(), TIMEOUT));
        assertThat(world().view().failsafe()).isEmpty();
    }

    @Test
    default void aMemberDisappearsWithItsLeaseOrWhenItLeaves() {
        LeaseId lease = world().lease();
        done(world().dcs().putMember(member(A), lease, TIMEOUT));
        done(world().dcs().putMember(member(B), lease, TIMEOUT));
        assertThat(world().view().members()).containsOnlyKeys(A, B).containsEntry(A, member(A));

        done(world().dcs().deleteMember(A, TIMEOUT));
        assertThat(world().view().members()).containsOnlyKeys(B);
        done(world().dcs().revoke(lease, TIMEOUT));
        assertThat(world().view().members()).isEmpty();
        refused(world().dcs().putMember(member(A), lease, TIMEOUT), "lease not found");
    }

    @Test
    default void settingsAreReplacedOnlyIfTheyWereSeen() {
        Revision first = done(world().dcs().putSettings("{\"ttl\":20}", Revision.ZERO, TIMEOUT));
        refused(world().dcs().putSettings("{\"ttl\":25}", Revision.ZERO, TIMEOUT), "config is");

        done(world().dcs().putSettings("{\"ttl\":25}", first, TIMEOUT));
        refused(world().dcs().putSettings("{\"ttl\":30}", first, TIMEOUT), "config is");
        assertThat(world().view().settings().orElseThrow().document()).isEqualTo("{\"ttl\":25}");
        assertThat(world().view().settings().orElseThrow().revision()).isGreaterThan(first);
    }

    @Test
    default void aClusterIsForgottenAsAWhole() {
        done(world().dcs().putSettings("{\"ttl\":20}", Revision.ZERO, TIMEOUT));
        done(world().dcs()
                .putSwitchover(
                        new SwitchoverRequest(Optional.of(A), Optional.of(B), Optional.empty(), Revision.ZERO),
                        TIMEOUT));

        done(world().dcs().removeCluster(TIMEOUT));

        assertThat(world().store().value(KEYS.config())).isEmpty();
        assertThat(world().store().value(KEYS.failover())).isEmpty();
        assertThat(world().view().settings()).isEmpty();
    }

    @Test
    default void aNewerSwitchoverRequestIsNotTakenAway() {
        SwitchoverRequest request =
                new SwitchoverRequest(Optional.of(A), Optional.of(B), Optional.empty(), Revision.ZERO);
        Revision first = done(world().dcs().putSwitchover(request, TIMEOUT));
        Revision second = done(world().dcs().putSwitchover(request, TIMEOUT));
        refused(world().dcs().clearSwitchover(first, TIMEOUT), "failover is");

        assertThat(world().view().request().orElseThrow().revision()).isEqualTo(second);
        done(world().dcs().clearSwitchover(second, TIMEOUT));
        assertThat(world().view().request()).isEmpty();
        assertThat(world().store().value(KEYS.failover())).contains("{}");
    }

    @Test
    default void theSynchronousStateIsReplacedOnlyIfItWasSeen() {
        LeaseId lease = world().lease();
        SyncState sync = new SyncState(A, 0, new TreeSet<>(List.of(B)), Revision.ZERO);
        refused(world().dcs().putSync(A, lease, Optional.of(sync), Revision.ZERO, TIMEOUT), "sync does not exist");
        done(world().dcs().takeLeaderKey(A, lease, EVER, TIMEOUT));
        Revision first = done(world().dcs().putSync(A, lease, Optional.of(sync), Revision.ZERO, TIMEOUT));
        refused(world().dcs().putSync(A, lease, Optional.of(sync), Revision.ZERO, TIMEOUT), "sync is");
        refused(world().dcs().putSync(B, lease, Optional.of(sync), first, TIMEOUT), "sync is");
        refused(world().dcs().putSync(A, world().lease(), Optional.of(sync), first, TIMEOUT), "leader");
        assertThat(world().view().sync()).contains(new SyncState(A, 0, sync.voters(), first));

        done(world().dcs().putSync(A, lease, Optional.empty(), first, TIMEOUT));
        assertThat(world().store().value(KEYS.sync())).isEmpty();
    }
}
