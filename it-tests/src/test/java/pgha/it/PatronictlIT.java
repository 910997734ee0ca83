package pgha.it;

import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.cluster.LabNode;

/** Patroni's own patronictl orders a cluster of our agents about, and reads what they write. */
final class PatronictlIT implements CtlContract {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.named("patronictlit");

    @Override
    public CtlChecks checks() {
        return new CtlChecks(RIG.cluster(), LabNode::patronictl);
    }
}
