package pgha.rest;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import pgha.dcs.model.MemberName;

/**
 * What the HTTP server asks of the agent.
 *
 * <p>Thread-safe. {@link #status} is one volatile read. The commands return at once; the future ends with the answer
 * for the client, never exceptionally.
 */
public interface AgentApi {
    NodeStatus status();

    /** Metrics in Prometheus' text format, from memory. */
    String metrics();

    /**
     * Hands leadership over.
     *
     * @param leader who is to step down; empty for a failover
     */
    CompletableFuture<CommandReply> switchover(
            Optional<MemberName> leader, Optional<MemberName> candidate, Optional<String> scheduledAt);

    /** Restarts PostgreSQL on this node. */
    CompletableFuture<CommandReply> restart();

    /** Reads the configuration file again. */
    CompletableFuture<CommandReply> reload();

    /** Throws the local copy away, aside, and clones the leader. */
    CompletableFuture<CommandReply> reinitialize();

    /** Merges {@code patch} into the cluster's settings; a null removes a key. */
    CompletableFuture<CommandReply> patchSettings(String patch);

    /** A status code of HTTP and the text to go with it. */
    record CommandReply(int code, String body) {}
}
