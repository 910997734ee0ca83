/**
 * The HTTP client: asks other agents, for a canvass or for {@code agentctl}.
 *
 * <p>Plain blocking sockets, one short HTTP/1.0 request each; several at once run on the threads that the caller
 * supplies, virtual ones in the agent. Whatever goes wrong is an answer that says so, not an exception.
 *
 * <p>Between members a server's certificate is not verified, as with Patroni: what is asked is public, and what is
 * decided on it is decided again by the store.
 */
@NullMarked
package pgha.rest.client;

import org.jspecify.annotations.NullMarked;
