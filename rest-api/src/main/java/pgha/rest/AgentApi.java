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

    /** What monitoring reads, in Prometheus' text format; of the same facts as {@link #status}. */
    String metrics();

    /**
     * Hands leadership over.
     *
     * @param leader who is to step down; empty for a failover
     */
    CompletableFuture<CommandReply> switchover(
            Optional<MemberName> leader, Optional<MemberName> candidate, Optional<String> scheduledAt);

    /** Takes a scheduled switchover back. */
    CompletableFuture<CommandReply> cancelSwitchover();

    /** Merges {@code patch}, a JSON object, into the cluster-wide settings; the answer of 200 is the whole document. */
    CompletableFuture<CommandReply> patchSettings(String patch);

    /** Puts {@code document}, a JSON object, in the place of the cluster-wide settings. */
    CompletableFuture<CommandReply> replaceSettings(String document);

    /**
     * A leader that the store does not answer asks to go on.
     *
     * @return 200 and {@code Accepted} if this node will not stand meanwhile; anything else is a no, with the reason
     */
    CompletableFuture<CommandReply> failsafe(FailsafeRequest request);

    /** Ends the agent and leaves PostgreSQL, its address and the leader key as they are, for the next agent. */
    CommandReply detach();

    /** A status code of HTTP and the text to go with it. */
    record CommandReply(int code, String body) {}
}
