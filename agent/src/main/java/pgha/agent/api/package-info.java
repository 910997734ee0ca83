/** Between the agent and those who ask: peers that are canvassed, and clients of the HTTP server. */
@NullMarked
package pgha.agent.api;

import org.jspecify.annotations.NullMarked;
