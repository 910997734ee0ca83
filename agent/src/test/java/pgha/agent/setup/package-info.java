/** Tests of what is asked before an agent runs. */
@NullMarked
package pgha.agent.setup;

import org.jspecify.annotations.NullMarked;
