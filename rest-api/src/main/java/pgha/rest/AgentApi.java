package pgha.rest;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Role;
import pgha.dcs.model.ScheduledTime;

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
     * @param scheduledAt when, with a zone; empty for now
     */
    CompletableFuture<CommandReply> switchover(
            Optional<MemberName> leader, Optional<MemberName> candidate, Optional<ScheduledTime> scheduledAt);

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

    /** Stops PostgreSQL here and starts it again, if what is demanded holds; the answer comes when it is up. */
    CompletableFuture<CommandReply> restart(RestartDemands demands);

    /** Has PostgreSQL here restarted at its time, if what is demanded holds then. */
    CompletableFuture<CommandReply> scheduleRestart(ScheduledTime at, RestartDemands demands);

    /** Takes the scheduled restart back. */
    CompletableFuture<CommandReply> cancelRestart();

    /** Clones this replica anew; the answer comes when it has begun. */
    CompletableFuture<CommandReply> reinitialize(boolean force, boolean fromLeader);

    /** Reads this node's file again. */
    CommandReply reload();

    /** Ends the agent and leaves PostgreSQL, its address and the leader key as they are, for the next agent. */
    CommandReply detach();

    /**
     * Under which conditions to restart.
     *
     * @param role only with this role
     * @param olderThan only if the server is older than this {@code server_version_num}
     * @param ifPending only if some setting waits for a restart
     * @param timeout how long the client waits; empty for primary_start_timeout
     */
    record RestartDemands(
            Optional<Role> role, Optional<Integer> olderThan, boolean ifPending, Optional<Duration> timeout) {}

    /** A status code of HTTP and the text to go with it. */
    record CommandReply(int code, String body) {}
}
