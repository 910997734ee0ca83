/** Tests of what HTTPS is made of. */
@NullMarked
package pgha.rest.tls;

import org.jspecify.annotations.NullMarked;
