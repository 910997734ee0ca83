package pgha.dcs.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import pgha.dcs.Keys;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SyncState;
import pgha.dcs.model.SystemIdentifier;

/** Shows how keys become views, and what happens to those that make no sense. */
final class ViewAssemblerTest {
    private static final Keys KEYS = new Keys("/service/demo/");

    private final List<String> warnings = new ArrayList<>();
    private final ViewAssembler assembler = new ViewAssembler(KEYS, warnings::add);

    private static StoredKey key(String name, String value, long revision) {
        return new StoredKey(KEYS.prefix() + name, value, LeaseId.NONE, new Revision(revision), new Revision(revision));
    }

    private ClusterView view() {
        return assembler.view(new Revision(99));
    }

    @Test
    void keysThatAReadingDoesNotHaveAreGone() {
        assembler.reset(
                List.of(key("leader", "a", 2), key("members/a", "{}", 3), key("status", "5", 4)), new Revision(4));
        assembler.reset(List.of(key("members/b", "{}", 5)), new Revision(9));

        assertThat(view().leader()).isEmpty();
        assertThat(view().vacantSince()).isEqualTo(new Revision(9));
        assertThat(view().members()).containsOnlyKeys(new MemberName("b"));
        assertThat(view().status()).isEmpty();
    }

    @Test
    void theVacancyCountsFromTheDeletionIfItWasSeen() {
        assembler.reset(List.of(key("leader", "a", 2)), new Revision(4));
        assembler.delete(KEYS.leader(), new Revision(6));
        assertThat(view().vacantSince()).isEqualTo(new Revision(6));
    }

    @Test
    void theStatusWinsOverItsOldForm() {
        assembler.reset(List.of(key("optime/leader", "5", 2), key("status", "{\"optime\":7}", 3)), new Revision(4));
        assertThat(view().status()).contains(ClusterStatus.at(new Lsn(7)));
        assembler.delete(KEYS.status(), new Revision(5));
        assertThat(view().status()).contains(ClusterStatus.at(new Lsn(5)));
    }

    @Test
    void keysBelowAMemberAreNoMembers() {
        assembler.reset(
                List.of(key("members/a/b", "{}", 2), key("members/", "{}", 3), key("own", "x", 4)), new Revision(4));
        assertThat(view().members()).isEmpty();
        assertThat(warnings).isEmpty();
    }

    @Test
    void anUnreadableInitializeKeyClosesTheRace() {
        assembler.put(key("initialize", "garbage", 2));
        assertThat(view().initialize()).isInstanceOf(InitializeKey.Claimed.class);
        assembler.put(key("initialize", "7123456789012345678", 3));
        assembler.put(key("initialize", "garbage", 4));
        assertThat(view().initialize()).isEqualTo(new InitializeKey.Done(new SystemIdentifier("7123456789012345678")));
        assertThat(warnings).hasSize(2);
    }

    @Test
    void aValueIsComplainedAboutOnceUntilItChanges() {
        assembler.put(key("history", "x", 2));
        assembler.reset(List.of(key("history", "x", 2)), new Revision(5));
        assertThat(warnings)
                .containsExactly("cannot understand the key history: not JSON: \"x\"; "
                        + "keeping the last value that could be read");
        assembler.put(key("history", "y", 6));
        assembler.put(key("history", "[]", 7));
        assembler.put(key("history", "y", 8));
        assertThat(warnings).hasSize(3);
    }

    @Test
    void aSynchronousStateThatCannotBeReadNamesNobodyWeKnow() {
        assembler.put(key("sync", "{\"leader\":\"a\",\"sync_standby\":\"b\"}", 2));
        assembler.put(key("sync", "{garbage", 3));
        assertThat(view().sync()).contains(SyncState.unreadable(new Revision(3)));
        assertThat(warnings)
                .singleElement()
                .asString()
                .endsWith("in synchronous mode nobody but the present leader may lead until that ends");
    }

    @Test
    void aStrangeLeaderIsSomebodyElse() {
        assembler.put(key("leader", "a/b\n", 2));
        assertThat(view().leader().orElseThrow().name()).isEqualTo(new MemberName("?a?b"));
        assertThat(warnings).singleElement().asString().endsWith("somebody else counts as leader");
    }
}
