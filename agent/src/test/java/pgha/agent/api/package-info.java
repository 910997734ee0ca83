/** Tests of what the HTTP server's commands do to the store. */
@NullMarked
package pgha.agent.api;

import org.jspecify.annotations.NullMarked;
