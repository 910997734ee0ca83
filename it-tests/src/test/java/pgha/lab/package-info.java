/** What of the lab can be tested without making one. */
@NullMarked
package pgha.lab;

import org.jspecify.annotations.NullMarked;
