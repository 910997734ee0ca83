/** Statuses to test with, and comparison with golden files. */
@NullMarked
package pgha.rest;

import org.jspecify.annotations.NullMarked;
