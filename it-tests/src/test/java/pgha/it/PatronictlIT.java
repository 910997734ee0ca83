package pgha.it;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.cluster.LabNode;

/** Patroni's own patronictl orders a cluster of our agents about, and reads what they write. */
final class PatronictlIT {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.named("patronictlit");

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
        return new CtlChecks(RIG.cluster(), LabNode::patronictl);
    }
}
