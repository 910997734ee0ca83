package pgha.agent.ctl;

import java.util.Optional;
import pgha.dcs.DcsReply;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SwitchoverRequest;
import pgha.rest.client.HttpReply;

/** What commands can reach: clusters in the store, and agents over HTTP. Blocks; confined to the command's thread. */
interface ClusterAccess extends AutoCloseable {
    /** The cluster as it is, from the store, or as the agent of this host last saw it if the store does not answer. */
    ClusterPicture picture(String cluster) throws CommandFailed;

    /** The cluster as the agent of this host last saw it, without asking the store; empty if there is no such agent. */
    Optional<ClusterPicture> localPicture();

    /** Where this host's agent answers, if the file is a node's. */
    Optional<String> localAgent();

    HttpReply get(String url);

    HttpReply post(String url, String body);

    /** Leaves a request in the store, for want of an agent that takes it. */
    DcsReply<Revision> leaveRequest(String cluster, SwitchoverRequest request);

    @Override
    void close();
}
