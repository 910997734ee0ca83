/** Tests of the core by tables: every situation, and the pure functions that decisions are made of. */
@NullMarked
package pgha.agent.ha;

import org.jspecify.annotations.NullMarked;
