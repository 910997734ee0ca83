/**
 * The lease, and what does not depend on the loop: who renews it, who strikes when it ends.
 *
 * <p>{@link pgha.agent.lease.LeaseKeeper} alone publishes {@link pgha.agent.lease.Terms}. {@link
 * pgha.agent.lease.Fence}, the guard outside this process and the lifetime of the address in the kernel act on them,
 * each assuming that everything inside it has failed.
 */
@NullMarked
package pgha.agent.lease;

import org.jspecify.annotations.NullMarked;
