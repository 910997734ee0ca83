package pgha.it;

import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.cluster.LabNode;

/** Our agentctl orders a cluster of Patronis about, and reads what they write. */
final class AgentctlOnPatroniIT implements CtlContract {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.ofPatronis("ctlonpatroni");

    @Override
    public CtlChecks checks() {
        return new CtlChecks(RIG.cluster(), LabNode::agentctl);
    }
}
