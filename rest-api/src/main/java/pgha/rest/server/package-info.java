/**
 * The HTTP server: one event loop thread, answers from memory; and one that looks after files and names.
 *
 * <pre>
 *   socket -> HttpBridge -> Router -> ReadEndpoints    -> NodeStatus, a volatile read
 *                                     HealthCheck      -> a code, from NodeStatus and now
 *                                     CommandEndpoints -> Authorizer, AgentApi; answers later
 *   ServerTls in front, if it is HTTPS; Lookout reads its files again when they change
 * </pre>
 *
 * <p>Nothing here waits for PostgreSQL or the store, so a check is answered however stuck they are, and a leader's 200
 * ends at the lease's deadline however stuck the rest of the agent is.
 *
 * <p>Strangers cost little: a connection that has not asked yet is one of 200 ({@link pgha.rest.server.Admission}), has ten
 * seconds for its handshake and ten for its request, and no more than 64 kB of that are read.
 *
 * <p>Answers are HTTP/1.0 and the connection ends with each, as with Patroni. HEAD and OPTIONS get the status line and
 * nothing else: HAProxy asks that way, without a Host header. They get the code that GET would get; Patroni answers
 * them 503 on the paths that are no health checks, which no checker can use.
 */
@NullMarked
package pgha.rest.server;

import org.jspecify.annotations.NullMarked;
