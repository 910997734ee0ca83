/**
 * The cluster as stored.
 *
 * <pre>
 *   dcs.model   the vocabulary: immutable values
 *   dcs         the port: {@link pgha.dcs.Dcs}, {@link pgha.dcs.DcsReply}, {@link pgha.dcs.Keys}
 *   dcs.codec   JSON and text on one side, the model on the other
 *   dcs.etcd    etcd behind the port
 *   dcs.dns     where a service is, as DNS tells it
 * </pre>
 *
 * <p>Keys and values are Patroni's, byte for byte, so that members of both kinds form one cluster. Every reply is one of
 * three: it happened, it certainly did not, or nobody said. The third is the reason for most of the rules around it.
 *
 * <p>The test-jar has etcd's twin in memory, {@code MemoryStore}, with {@code InMemoryDcs} in front of it, for
 * simulations; {@code DcsContract} is what both it and real etcd must keep.
 */
@NullMarked
package pgha.dcs;

import org.jspecify.annotations.NullMarked;
