/** What tests need of the lease. */
@NullMarked
package pgha.agent.lease;

import org.jspecify.annotations.NullMarked;
