package pgha.agent.ha;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import pgha.dcs.codec.ClusterCodec;
import pgha.dcs.codec.MemberCodec;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;
import pgha.dcs.model.Tags;

/** Whose record it is that bears our name. */
class NamesakeTest {
    private static final MemberName SELF = new MemberName("a");
    private static final String PLAIN = "http://a:8008/patroni";
    private static final String SECURE = "https://a:8008/patroni";

    @Test
    void aRecordThatNamesAnotherAgentIsNotOurs() {
        assertThat(reading("http://b:8008/patroni", PLAIN).namesake()).contains("http://b:8008/patroni");
        assertThat(reading(PLAIN, PLAIN).namesake()).isEmpty();
    }

    /** Until the record is written again it names the place where we listened when our file was read first. */
    @Test
    void aRecordOfBeforeOurFileWasReadAgainIsOurs() {
        assertThat(reading(PLAIN, PLAIN, SECURE).namesake()).isEmpty();
        assertThat(reading(SECURE, PLAIN, SECURE, PLAIN).namesake()).isEmpty();
        assertThat(reading("http://b:8008/patroni", PLAIN, SECURE).namesake()).contains("http://b:8008/patroni");
    }

    /** A node whose file has named these places, one after the other, and which sees a record with {@code written}. */
    private static NodeState reading(String written, String first, String... later) {
        NodeState state = NodeState.initial(config(first), ClusterCodec.settings("{}", Revision.ZERO));
        for (String url : later) {
            state = Fold.apply(state, new Event.NodeConfigChanged(config(url)), Moment.EARLIEST);
        }
        return Fold.apply(state, new Event.ViewChanged(view(written)), Moment.EARLIEST);
    }

    private static ClusterView view(String apiUrl) {
        ClusterView empty = ClusterView.EMPTY;
        return new ClusterView(
                new Revision(1),
                empty.initialize(),
                empty.leader(),
                empty.vacantSince(),
                false,
                new TreeMap<>(Map.of(SELF, MemberCodec.member(SELF, "{\"api_url\":\"%s\"}".formatted(apiUrl)))),
                empty.settings(),
                empty.switchover(),
                empty.sync(),
                empty.status(),
                empty.history(),
                empty.failsafe());
    }

    private static NodeConfig config(String apiUrl) {
        return new NodeConfig(
                SELF,
                "postgres://a:5432/postgres",
                apiUrl,
                "1",
                Tags.NONE,
                false,
                "{}",
                Optional.empty(),
                false,
                Optional.empty(),
                Scripts.NONE);
    }
}
