/** Tests of what needs no lab. */
@NullMarked
package pgha.lab.bench;

import org.jspecify.annotations.NullMarked;
