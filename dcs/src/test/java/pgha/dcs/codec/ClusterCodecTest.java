package pgha.dcs.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SwitchoverRequest;
import pgha.dcs.model.SyncState;
import pgha.dcs.model.Timeline;
import pgha.dcs.model.TimelineHistory;

/** Shows that all values but members and settings are read and written as Patroni does. */
final class ClusterCodecTest {
    private static final Revision AT = new Revision(7);

    @Test
    void theStatusIsWrittenAsItWasRead() {
        ClusterStatus status = ClusterCodec.status(Golden.read("status.json"));
        assertThat(status.lastLsn()).isEqualTo(new Lsn(67393608));
        assertThat(status.slots()).containsEntry("my_logical", new Lsn(67300000));
        assertThat(status.retainedSlots()).containsExactly("pg1", "pg2");
        assertThat(ClusterCodec.json(status)).isEqualTo(Golden.read("status.json"));
        assertThat(ClusterCodec.json(ClusterStatus.at(new Lsn(5)))).isEqualTo("{\"optime\":5}");
    }

    @Test
    void aBareNumberIsAStatusToo() {
        assertThat(ClusterCodec.status("67393608")).isEqualTo(ClusterStatus.at(new Lsn(67393608)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "\"x\"", "{\"optime\":\"x\"}", "{\"optime\":1,\"slots\":{\"a\":{}}}"})
    void aStatusWithoutPositionsIsRefused(String text) {
        assertThatThrownBy(() -> ClusterCodec.status(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void entriesOfTheHistoryKeepTheirLength() {
        TimelineHistory history = ClusterCodec.history(Golden.read("history.json"));
        assertThat(history.current()).isEqualTo(new Timeline(4));
        assertThat(history.switches().getFirst().newLeader()).isEqualTo("pg2");
        assertThat(ClusterCodec.json(history)).isEqualTo(Golden.read("history.json"));
        assertThat(ClusterCodec.history("[]")).isEqualTo(TimelineHistory.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[[]]", "[[0,1,\"x\"]]", "[[1,\"x\",\"y\"]]", "[1]"})
    void aHistoryThatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> ClusterCodec.history(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync.json", "sync-alone.json"})
    void theSynchronousStateIsWrittenAsItWasRead(String file) {
        String text = Golden.read(file);
        SyncState sync = ClusterCodec.sync(text, AT).orElseThrow();
        assertThat(sync.leader()).isEqualTo(new MemberName("a"));
        assertThat(sync.revision()).isEqualTo(AT);
        assertThat(ClusterCodec.json(sync)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"leader\":null}", "{\"leader\":\"\",\"sync_standby\":\"b\"}"})
    void withoutALeaderSynchronousModeIsNotActive(String text) {
        assertThat(ClusterCodec.sync(text, AT)).isEmpty();
    }

    @Test
    void aRequestIsWrittenAsItWasRead() {
        SwitchoverRequest request = ClusterCodec.switchover(Golden.read("failover.json"), AT);
        assertThat(request)
                .isEqualTo(new SwitchoverRequest(
                        Optional.of(new MemberName("a")),
                        Optional.of(new MemberName("b")),
                        Optional.of("2026-01-01T10:00:00+00:00"),
                        AT));
        assertThat(ClusterCodec.json(request)).isEqualTo(Golden.read("failover.json"));
    }

    @ParameterizedTest
    @CsvSource({"a:b,a,b", "a:,a,''", ":b,'',b", "' a : b ',a,b"})
    void theOldFormOfARequestIsRead(String text, String leader, String candidate) {
        SwitchoverRequest request = ClusterCodec.switchover(text, AT);
        assertThat(request.leader().map(MemberName::value).orElse("")).isEqualTo(leader);
        assertThat(request.candidate().map(MemberName::value).orElse("")).isEqualTo(candidate);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"scheduled_at\":\"2026-01-01T10:00:00+00:00\"}", "{\"leader\":\"\"}"})
    void someValuesAskForNothing(String text) {
        assertThat(ClusterCodec.switchover(text, AT).asksForSomething()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "{\"leader\":\"a/b\"}", "[\"a\",\"b\"]"})
    void aRequestThatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> ClusterCodec.switchover(text, AT)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theFailsafeMapIsWrittenAsItWasRead() {
        String text = Golden.read("failsafe.json");
        assertThat(ClusterCodec.failsafeJson(ClusterCodec.failsafe(text))).isEqualTo(text);
    }
}
