/**
 * The virtual addresses of this node: bound under a term, extended with it, announced, put back, taken off.
 *
 * <p>{@link pgha.agent.address.AddressKeeper} owns one thread and is the only one in the agent to bind. The fence has a
 * way of its own to take addresses off.
 */
@NullMarked
package pgha.agent.address;

import org.jspecify.annotations.NullMarked;
