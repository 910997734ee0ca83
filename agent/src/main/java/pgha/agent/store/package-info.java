/**
 * Writes to the store what the core wants the others to know, on a thread of its own, under the member's lease.
 */
@NullMarked
package pgha.agent.store;

import org.jspecify.annotations.NullMarked;
