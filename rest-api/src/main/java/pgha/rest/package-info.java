/** The HTTP contract: what the agent answers, and the client that asks. */
@NullMarked
package pgha.rest;

import org.jspecify.annotations.NullMarked;
