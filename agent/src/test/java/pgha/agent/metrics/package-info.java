/** The metrics page as text, field by field. */
@NullMarked
package pgha.agent.metrics;

import org.jspecify.annotations.NullMarked;
