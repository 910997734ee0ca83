/** The node. */
@NullMarked
package pgha.agent;

import org.jspecify.annotations.NullMarked;
