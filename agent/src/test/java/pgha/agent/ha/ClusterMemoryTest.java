package pgha.agent.ha;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import pgha.dcs.codec.ClusterCodec;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.LeaderRecord;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;

/** What a node makes of a leader key that bears its name. */
class ClusterMemoryTest {
    private static final MemberName SELF = new MemberName("b");
    private static final Moment NOW = Moment.EARLIEST;

    @Test
    void aKeyThatGoesFromNameToNameWasOverwritten() {
        assertThat(seen(led("a", 5, 5, 9), led("b", 5, 10, 10)).overwritten())
                .hasValueSatisfying(key -> assertThat(key.formerly()).contains(new MemberName("a")));
    }

    /** The former leader may be serving yet: it has not heard of the backup. */
    @Test
    void aBackupFromATimeInWhichWeLedCountsAsOverwritten() {
        assertThat(seen(led("a", 70, 70, 90), led("b", 10, 10, 40)).overwritten())
                .hasValueSatisfying(key -> assertThat(key.formerly()).contains(new MemberName("a")));
    }

    @Test
    void theDoubtLastsAsLongAsTheKey() {
        ClusterView ours = led("b", 5, 11, 11);
        assertThat(seen(led("a", 5, 5, 9), led("b", 5, 10, 10), ours).overwritten())
                .isPresent();
        assertThat(seen(led("a", 5, 5, 9), led("b", 5, 10, 10), led("b", 13, 13, 13))
                        .overwritten())
                .isEmpty();
    }

    @Test
    void aKeyThatWasSeenVacantWasNot() {
        assertThat(seen(led("a", 5, 5, 9), vacant(10), led("b", 11, 11, 11)).overwritten())
                .isEmpty();
    }

    @Test
    void whoSeesTheStoreForTheFirstTimeCannotTell() {
        assertThat(seen(led("b", 5, 5, 9)).overwritten()).isEmpty();
    }

    /** No agent puts its name there without a lease. */
    @Test
    void aKeyUnderNoLeaseWasWrittenByHand() {
        assertThat(seen(led("a", 5, 5, 9), vacant(10), byHand("b", 11)).overwritten())
                .hasValueSatisfying(key -> assertThat(key.formerly()).contains(new MemberName("a")));
        assertThat(seen(byHand("b", 11)).overwritten())
                .hasValueSatisfying(key -> assertThat(key.formerly()).isEmpty());
    }

    @Test
    void ourOwnWriteIsNoProofOfHavingSeenWhatCameBefore() {
        ClusterMemory stood =
                seen(led("a", 5, 5, 9), vacant(10)).tookLeaderKey(SELF, new LeaseId(2), new Revision(14), NOW);
        assertThat(stood.isComplete()).isFalse();
        assertThat(stood.saw(SELF, led("b", 14, 14, 14), NOW).isComplete()).isTrue();
    }

    private static ClusterMemory seen(ClusterView... views) {
        ClusterMemory memory = ClusterMemory.nothing(ClusterCodec.settings("{}", new Revision(1)));
        for (ClusterView view : views) {
            memory = memory.saw(SELF, view, NOW);
        }
        return memory;
    }

    private static ClusterView vacant(long at) {
        return with(Optional.empty(), at);
    }

    private static ClusterView led(String name, long created, long modified, long at) {
        return with(Optional.of(leader(name, new LeaseId(1), created, modified)), at);
    }

    private static ClusterView byHand(String name, long at) {
        return with(Optional.of(leader(name, LeaseId.NONE, at, at)), at);
    }

    private static LeaderRecord leader(String name, LeaseId lease, long created, long modified) {
        return new LeaderRecord(new MemberName(name), lease, new Revision(created), new Revision(modified));
    }

    private static ClusterView with(Optional<LeaderRecord> leader, long at) {
        ClusterView empty = ClusterView.EMPTY;
        return new ClusterView(
                new Revision(at),
                empty.initialize(),
                leader,
                empty.vacantSince(),
                false,
                empty.members(),
                empty.settings(),
                empty.switchover(),
                empty.sync(),
                empty.status(),
                empty.history(),
                empty.failsafe());
    }
}
