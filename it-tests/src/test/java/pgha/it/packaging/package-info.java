/**
 * The distribution as it is delivered: copied elsewhere, run by user postgres, and described to systemd.
 *
 * <p>Needs no lab: every program here starts, says something and ends.
 */
@NullMarked
package pgha.it.packaging;

import org.jspecify.annotations.NullMarked;
