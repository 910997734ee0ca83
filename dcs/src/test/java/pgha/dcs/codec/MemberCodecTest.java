package pgha.dcs.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Member;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Role;
import pgha.dcs.model.RunState;
import pgha.dcs.model.Timeline;

/** Shows that member records are read and written as Patroni does. */
final class MemberCodecTest {
    private static final MemberName NAME = new MemberName("pg1");

    @ParameterizedTest
    @ValueSource(
            strings = {"member-primary.json", "member-replica.json", "member-everything.json", "member-pending.json"})
    void whatPatroniWroteIsWrittenTheSameWay(String file) {
        String text = Golden.read(file);
        assertThat(MemberCodec.json(MemberCodec.member(NAME, text))).isEqualTo(text);
    }

    @Test
    void aReplicaIsReadWithItsPositions() {
        Member replica = MemberCodec.member(NAME, Golden.read("member-replica.json"));
        assertThat(replica.role()).isEqualTo(Role.REPLICA);
        assertThat(replica.state()).isEqualTo(RunState.RUNNING);
        assertThat(replica.isStreaming()).isTrue();
        assertThat(replica.receivedLsn()).contains(new Lsn(67395656));
        assertThat(replica.timeline()).contains(new Timeline(5));
        assertThat(replica.tags().cloneFrom()).isTrue();
        assertThat(replica.postgresAddress()).contains(new HostPort("10.0.0.2", 5432));
        assertThat(replica.checkpointedSincePromotion()).isTrue();
    }

    @Test
    void theUrlFormOfOldVersionsIsRead() {
        Member old = MemberCodec.member(
                NAME, "postgres://10.0.0.1:5432/postgres?application_name=http%3A%2F%2F10.0.0.1%3A8008%2Fpatroni");
        assertThat(old.connUrl()).contains("postgres://10.0.0.1:5432/postgres");
        assertThat(old.apiUrl()).contains("http://10.0.0.1:8008/patroni");
    }

    @Test
    void unknownFieldsAndOddTypesArePassedOver() {
        Member member = MemberCodec.member(
                NAME, "{\"role\":\"master\",\"xlog_location\":\"12\",\"timeline\":\"x\",\"new\":[1],\"tags\":null}");
        assertThat(member.role()).isEqualTo(Role.PRIMARY);
        assertThat(member.position()).contains(new Lsn(12));
        assertThat(member.timeline()).isEmpty();
        assertThat(member.state()).isEqualTo(RunState.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "12", "{\"a\"", "{} {}"})
    void whatIsNoObjectIsRefused(String text) {
        assertThatThrownBy(() -> MemberCodec.member(NAME, text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not ");
    }
}
