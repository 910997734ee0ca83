package pgha.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import pgha.agent.ha.Event;
import pgha.agent.ha.HaMachine;
import pgha.agent.ha.LeaseTerm;
import pgha.agent.ha.NodeConfig;
import pgha.agent.ha.NodeState;
import pgha.agent.ha.Scripts;
import pgha.agent.ha.Timings;
import pgha.dcs.codec.ClusterCodec;
import pgha.dcs.model.ClusterSettings;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;
import pgha.dcs.model.Tags;

class FactsTest {
    private static final ClusterSettings SETTINGS = ClusterCodec.settings("{\"ttl\":10}", Revision.ZERO);
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

    @Test
    void aLeaseThatHasEndedIsNotGoodForLessThanNothing() {
        Moment sent = new Moment(0);
        HaMachine machine = new HaMachine(NodeState.initial(NODE, SETTINGS));
        NodeState state = machine.step(
                        new Event.LeaseAcquired(
                                new LeaseTerm(
                                        new LeaseId(7),
                                        sent,
                                        Duration.ofSeconds(10),
                                        Timings.of(SETTINGS),
                                        LeaseTerm.Basis.STORE),
                                new Revision(3)),
                        sent)
                .state();

        assertThat(Facts.lease(state, sent.plus(Duration.ofSeconds(4)))).isEqualTo("6.0s");
        assertThat(Facts.lease(state, sent.plus(Duration.ofSeconds(12)))).isEqualTo("over");
    }
}
