/**
 * A whole cluster on the hosts of a lab: real etcd members, and nodes that run the packaged agent.
 *
 * <p>{@link pgha.lab.cluster.LabCluster} puts the parts together; each part can be had alone. Everything is asked over the
 * network from the client host, as an application or an operator would, or read from the host's files.
 */
@NullMarked
package pgha.lab.cluster;

import org.jspecify.annotations.NullMarked;
