package pgha.agent.ctl;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import pgha.dcs.DcsReply;
import pgha.dcs.model.Revision;
import pgha.dcs.model.SwitchoverRequest;
import pgha.rest.client.HttpReply;

/** What commands can reach: clusters in the store, and agents over HTTP. Blocks; confined to the command's thread. */
interface ClusterAccess extends AutoCloseable {
    Duration ORDER_TIMEOUT = Duration.ofSeconds(130);

    /** The cluster as it is, from the store, or as the agent of this host last saw it if the store does not answer. */
    ClusterPicture picture(String cluster) throws CommandFailed;

    /** The cluster as the agent of this host last saw it, without asking the store; empty if there is no such agent. */
    Optional<ClusterPicture> localPicture();

    /** Where this host's agent answers, if the file is a node's. */
    Optional<String> localAgent();

    HttpReply get(String url);

    /** @param patience for the answer */
    HttpReply post(String url, String body, Duration patience);

    /** An agent answers most orders when they are done, which takes it two minutes at most. */
    default HttpReply post(String url, String body) {
        return post(url, body, ORDER_TIMEOUT);
    }

    HttpReply patch(String url, String body);

    /** What stands against connecting there; empty if nothing does. */
    Optional<String> objectionToConnect(String host, int port);

    HttpReply delete(String url);

    /** The cluster-wide settings as they are stored, if there are any. */
    Optional<StoredSettings> settings(String cluster) throws CommandFailed;

    /** Writes the settings, if they are still those of {@code seen}. */
    DcsReply<Revision> putSettings(String cluster, String document, Revision seen) throws CommandFailed;

    /** Where each timeline ended: the array of {@code GET /history}, as JSON. */
    String history(String cluster) throws CommandFailed;

    /** Takes back what an operator has left for the leader, for want of an agent that does. */
    DcsReply<Revision> withdrawRequest(String cluster) throws CommandFailed;

    /** Removes everything that the store knows of a cluster. */
    DcsReply<Revision> removeCluster(String cluster);

    /** How many bytes of WAL each slot of the leader held back when the leader last said so. */
    SortedMap<String, Long> retained(String cluster) throws CommandFailed;

    /** This host's file, if it is a node's. */
    Optional<Path> nodeFile();

    /** Sends a statement to a server. */
    QueryReply query(QueryTarget target, String sql);

    /** Leaves a request in the store, for want of an agent that takes it. */
    DcsReply<Revision> leaveRequest(String cluster, SwitchoverRequest request);

    /** @param document JSON */
    record StoredSettings(String document, Revision revision) {}

    @Override
    void close();
}
