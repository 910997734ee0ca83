package pgha.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import pgha.agent.ha.Action;
import pgha.agent.ha.Decision;
import pgha.agent.ha.Event;
import pgha.agent.ha.HaMachine;
import pgha.agent.ha.NodeConfig;
import pgha.agent.ha.NodeState;
import pgha.agent.ha.Reason;
import pgha.agent.ha.Scripts;
import pgha.dcs.codec.ClusterCodec;
import pgha.dcs.model.ClusterStatus;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;
import pgha.dcs.model.Tags;

class DecisionLogTest {
    private static final Action CREATE = new Action.SyncSlots(
            new TreeSet<>(List.of("b")), Collections.emptySortedMap(), Collections.emptySortedSet());
    private static final Action UNBIND = new Action.UnbindVip();
    private static final NodeConfig NODE = new NodeConfig(
            new MemberName("a"),
            "postgres://a:5432/postgres",
            "http://a:8008/patroni",
            "1",
            Tags.NONE,
            false,
            "{}",
            Optional.empty(),
            false,
            Optional.empty(),
            Scripts.NONE);

    private final NodeState state = NodeState.initial(NODE, ClusterCodec.settings("{}", Revision.ZERO));
    private final DecisionLog log = new DecisionLog(() -> Instant.EPOCH);

    @Test
    void whatIsOrderedAgainUntilItIsSeenDoneIsSaidOnce() {
        assertThat(says(Reason.SERVE, CREATE)).isTrue();
        assertThat(says(Reason.SERVE, CREATE)).isFalse();
        assertThat(says(Reason.SERVE)).isFalse();
        assertThat(says(Reason.SERVE, CREATE)).isFalse();

        assertThat(says(Reason.SERVE, UNBIND)).as("something else to do").isTrue();
        assertThat(says(Reason.SERVE, CREATE)).as("again, after that").isTrue();
    }

    @Test
    void whatIsToldOthersBesideMakesNoDifference() {
        Action publish = new Action.PublishStatus(ClusterStatus.at(Lsn.ZERO));

        assertThat(says(Reason.SERVE, publish, CREATE)).isTrue();
        assertThat(says(Reason.SERVE, CREATE)).isFalse();
        assertThat(says(Reason.SERVE, new Action.AdvanceSlots(Collections.emptySortedMap())))
                .isFalse();
    }

    @Test
    void anotherDecisionIsSaidWhateverItOrders() {
        assertThat(says(Reason.SERVE)).isTrue();
        assertThat(says(Reason.FOLLOW)).isTrue();
        assertThat(says(Reason.SERVE)).isTrue();
        assertThat(says(Reason.LOOKING)).as("a passing one").isFalse();
        assertThat(says(Reason.SERVE)).isFalse();
        assertThat(log.all()).hasSize(3);
    }

    private boolean says(Reason reason, Action... actions) {
        List<Action> all = List.of(actions);
        Decision decision =
                new Decision(reason, "for this reason", Optional.empty(), all, Duration.ofSeconds(1), Optional.empty());
        HaMachine.Step step = new HaMachine.Step(state, decision, all);
        boolean says = log.hasNews(step);
        log.stepped(new Event.TimerFired(), step, new Moment(0));
        return says;
    }
}
