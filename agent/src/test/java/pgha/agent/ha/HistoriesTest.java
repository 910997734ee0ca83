package pgha.agent.ha;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import pgha.dcs.codec.ClusterCodec;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;
import pgha.dcs.model.Timeline;
import pgha.dcs.model.TimelineHistory;
import pgha.dcs.model.TimelineHistory.Switch;

class HistoriesTest {
    private static final MemberName SELF = new MemberName("a");
    private static final ClusterSettings SETTINGS = ClusterCodec.settings("{}", Revision.ZERO);

    @Test
    void theLastPromotionIsOurs() {
        TimelineHistory merged = merged(2, at(1, "0/5"));

        assertThat(merged.switches()).extracting(Switch::newLeader).containsExactly("a");
        assertThat(merged.current()).isEqualTo(new Timeline(2));
    }

    @Test
    void aNumberThatPostgresqlLeftOutEndedWhereItBegan() {
        TimelineHistory merged = merged(4, at(1, "0/5"), at(2, "0/7"));

        assertThat(merged.current()).isEqualTo(new Timeline(4));
        assertThat(merged.endOf(new Timeline(2))).contains(Lsn.parse("0/7"));
        assertThat(merged.endOf(new Timeline(3))).contains(Lsn.parse("0/7"));
    }

    @Test
    void soDidOneBetweenTwoThatWereServedOn() {
        TimelineHistory merged = merged(5, at(1, "0/5"), at(4, "0/9"));

        assertThat(merged.switches()).extracting(entry -> entry.parent().id()).containsExactly(1, 2, 3, 4);
        assertThat(merged.endOf(new Timeline(3))).contains(Lsn.parse("0/5"));
    }

    @Test
    void writtenOnceItStaysAsItIs() {
        TimelineHistory file = new TimelineHistory(List.of(at(1, "0/5"), at(2, "0/7")));
        TimelineHistory written = merged(4, at(1, "0/5"), at(2, "0/7"));

        assertThat(Histories.merge(file, new Timeline(4), written, SELF, SETTINGS))
                .isEqualTo(written);
    }

    @Test
    void aFileThatSomebodyWroteByHandDoesNotFillTheStore() {
        assertThat(merged(Integer.MAX_VALUE, at(1, "0/5")).switches()).hasSizeLessThan(200);
    }

    private static TimelineHistory merged(int on, Switch... file) {
        return Histories.merge(
                new TimelineHistory(List.of(file)), new Timeline(on), TimelineHistory.EMPTY, SELF, SETTINGS);
    }

    private static Switch at(int parent, String lsn) {
        return new Switch(new Timeline(parent), Lsn.parse(lsn), "no recovery target specified", "", "");
    }
}
