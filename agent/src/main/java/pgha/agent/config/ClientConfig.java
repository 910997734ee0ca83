package pgha.agent.config;

import java.util.Optional;
import pgha.agent.config.AgentConfig.CtlConfig;
import pgha.dcs.DcsConfig;

/**
 * What a client of the cluster has to know of the file: agentctl's view of it. Immutable.
 *
 * @param scope absent in a file that serves several clusters
 * @param etcd with the prefix of {@code scope}; of another scope it is made by {@link #dcs}
 * @param apiUrl where this node's agent answers, if the file is a node's
 */
public record ClientConfig(
        Optional<String> scope, String namespace, DcsConfig etcd, CtlConfig ctl, Optional<String> apiUrl) {

    /** How to reach the cluster named {@code cluster}. */
    public DcsConfig dcs(String cluster) {
        return etcd.withPrefix(DcsConfig.prefixOf(namespace, cluster));
    }
}
