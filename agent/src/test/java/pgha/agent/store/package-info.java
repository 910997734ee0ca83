/** Tests of what the HTTP server's commands do to the store. */
@NullMarked
package pgha.agent.store;

import org.jspecify.annotations.NullMarked;
