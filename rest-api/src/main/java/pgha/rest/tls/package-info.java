/**
 * What HTTPS is made of, on both sides: who one is, whom one believes, and which ciphers one speaks.
 *
 * <p>Everything is PEM files, as Patroni's users have them, and read when asked for; nothing is kept. Errors are
 * {@link java.io.IOException} with a sentence that names the file. {@link pgha.rest.tls.CipherList} is pure.
 */
@NullMarked
package pgha.rest.tls;

import org.jspecify.annotations.NullMarked;
