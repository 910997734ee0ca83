/** The judge's own test: a history that is right, and for every rule one that breaks it. */
@NullMarked
package pgha.lab.history;

import org.jspecify.annotations.NullMarked;
