/** Tests of the watchdog drivers. */
@NullMarked
package pgha.agent.watchdog;

import org.jspecify.annotations.NullMarked;
