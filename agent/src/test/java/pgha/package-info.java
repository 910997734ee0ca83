/** Rules that hold for the whole project: the walls between its parts, and its style. */
@NullMarked
package pgha;

import org.jspecify.annotations.NullMarked;
