/**
 * What is written in the store, as immutable values: the shared vocabulary of all modules.
 *
 * <p>Nothing here does I/O, reads a clock or knows a JSON library. {@link pgha.dcs.model.Moment} lives here because
 * store deadlines, REST answers and the core all speak of it.
 */
@NullMarked
package pgha.dcs.model;

import org.jspecify.annotations.NullMarked;
