package pgha.vip.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import pgha.vip.linux.Errno;

class NetlinkMessageTest {
    @Test
    void anAckIsAnErrorOfZero() {
        NetlinkMessage ack = Hex.message("""
                24000000 0200 0001 01000000 d5620000 00000000
                54000000 1400 0505 01000000 00000000""");

        assertThat(ack.isAck()).isTrue();
        assertThat(ack.sequence()).isEqualTo(new Sequence(1));
        assertThat(ack.errno()).isEqualTo(new Errno(0));
        assertThat(ack.kernelSays()).isEmpty();
    }

    @Test
    void aRefusalComesWithTheKernelsOwnWords() {
        NetlinkMessage refusal = Hex.message("""
                44000000 0200 0003 01000000 68650000 eaffffff
                30000000 1400 0505 01000000 00000000
                2000 0100 697076343a20496e76616c696420707265666978206c656e67746800""");

        assertThat(refusal.errno()).hasToString("EINVAL (22), invalid argument");
        assertThat(refusal.kernelSays()).isEqualTo("ipv4: Invalid prefix length");
    }

    @Test
    void aDatagramHoldsSeveralMessagesEachAtAMultipleOfFour() {
        List<NetlinkMessage> messages = NetlinkMessage.decode(Hex.bytes("""
                12000000 1400 0200 07000000 00000000 0102 0000
                14000000 0300 0200 07000000 00000000 00000000"""));

        assertThat(messages).extracting(NetlinkMessage::type).containsExactly(20, 3);
        assertThat(messages.get(0).body().remaining()).isEqualTo(2);
        assertThat(messages.get(1).isDone()).isTrue();
        assertThat(messages.get(1).errno()).isEqualTo(new Errno(0));
    }

    @Test
    void aListingDuringWhichTheTableChangedSaysSo() {
        assertThat(Hex.message("14000000 0300 1200 07000000 00000000 00000000").isInconsistent())
                .isTrue();
        assertThat(Hex.message("14000000 0300 0200 07000000 00000000 00000000").isInconsistent())
                .isFalse();
    }

    @Test
    void sequencesNeverBecomeTheOneOfNotifications() {
        assertThat(new Sequence(1).next()).isEqualTo(new Sequence(2));
        assertThat(new Sequence(Integer.MAX_VALUE).next()).isEqualTo(new Sequence(Integer.MIN_VALUE));
        assertThat(new Sequence(-1).next()).isEqualTo(new Sequence(1));
    }
}
