/**
 * The one thread that decides: it takes an event, steps the machine, hands out the actions, publishes the status.
 *
 * <p>Nothing here decides, and nothing here waits for anything but events.
 */
@NullMarked
package pgha.agent.loop;

import org.jspecify.annotations.NullMarked;
