/** Tests of what acts when the lease ends: the fence and its watchdogs. */
@NullMarked
package pgha.agent.lease;

import org.jspecify.annotations.NullMarked;
