/** What is between the loop and the local server, with the server played. */
@NullMarked
package pgha.agent.local;

import org.jspecify.annotations.NullMarked;
