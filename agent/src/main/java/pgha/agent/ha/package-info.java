/** The core. */
@NullMarked
package pgha.agent.ha;

import org.jspecify.annotations.NullMarked;
