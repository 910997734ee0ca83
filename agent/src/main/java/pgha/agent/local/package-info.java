/**
 * Between the loop and the local server: starts tasks, tells of their ends, and turns two sources of settings into one.
 */
@NullMarked
package pgha.agent.local;

import org.jspecify.annotations.NullMarked;
