/**
 * The store's port on real etcd: the contract, with and without TLS and authentication, and what outages do.
 *
 * <p>The contract runs against one process on loopback; outages run on a lab, where hosts are frozen, killed and cut
 * off.
 */
@NullMarked
package pgha.it.dcs;

import org.jspecify.annotations.NullMarked;
