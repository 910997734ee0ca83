/**
 * The HTTP server: one event loop thread, answers from memory.
 *
 * <pre>
 *   socket -> HttpBridge -> Router -> ReadEndpoints    -> NodeStatus, a volatile read
 *                                     HealthCheck      -> a code, from NodeStatus and now
 *                                     CommandEndpoints -> Authorizer, AgentApi; answers later
 * </pre>
 *
 * <p>Nothing here waits for PostgreSQL or the store, so a check is answered however stuck they are, and a leader's 200
 * ends at the lease's deadline however stuck the rest of the agent is.
 *
 * <p>Answers are HTTP/1.0 and the connection ends with each, as with Patroni. HEAD and OPTIONS get the status line and
 * nothing else: HAProxy asks that way, without a Host header. They get the code that GET would get; Patroni answers
 * them 503 on the paths that are no health checks, which no checker can use.
 */
@NullMarked
package pgha.rest.server;

import org.jspecify.annotations.NullMarked;
