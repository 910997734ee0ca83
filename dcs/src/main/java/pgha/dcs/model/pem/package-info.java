/**
 * Private keys as people's files have them, for whoever speaks TLS: the store's client, the HTTP server, and its client.
 *
 * <p>Pure. {@link pgha.dcs.model.pem.PemKey} finds the block and brings it into the one form that the JDK reads;
 * {@link pgha.dcs.model.pem.EncryptedKey} opens it first if it has a password; {@link pgha.dcs.model.pem.TrustsAnybody} is
 * for those whose files name no authority. It lies below the vocabulary because this
 * is what both the store and the HTTP contract may import, and neither may import the other.
 */
@NullMarked
package pgha.dcs.model.pem;

import org.jspecify.annotations.NullMarked;
