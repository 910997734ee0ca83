package pgha.it;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.cluster.LabNode;

/** Our agentctl orders a cluster of Patronis about, and reads what they write. */
final class AgentctlOnPatroniIT {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.ofPatronis("ctlonpatroni");

    @Test
    void listAndTopologyShowEveryMember() {
        checks().listAndTopologyShowEveryMember();
    }

    @Test
    void queryAsksThePrimary() {
        checks().queryAsksThePrimary();
    }

    @Test
    void editConfigShowsAndStores() {
        checks().editConfigShowsAndStores();
    }

    @Test
    void pauseAndResumeAreNoticedByAll() {
        checks().pauseAndResumeAreNoticedByAll();
    }

    @Test
    void switchoverAndFailoverMoveTheLeader() {
        checks().switchoverAndFailoverMoveTheLeader();
    }

    @Test
    void aReplicaIsRestartedReloadedAndMadeAnew() {
        checks().aReplicaIsRestartedReloadedAndMadeAnew();
    }

    private static CtlChecks checks() {
        return new CtlChecks(RIG.cluster(), LabNode::agentctl);
    }
}
