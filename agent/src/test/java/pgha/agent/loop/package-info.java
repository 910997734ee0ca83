/** Tests of what is around the loop. */
@NullMarked
package pgha.agent.loop;

import org.jspecify.annotations.NullMarked;
