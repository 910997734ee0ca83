/**
 * Where a service is, as DNS tells it: RFC 2782, by the JDK's own resolver (JNDI, module {@code jdk.naming.dns}).
 *
 * <p>Knows nothing of etcd. {@link pgha.dcs.dns.Dns} asks and blocks; {@link pgha.dcs.dns.SrvRecord} is a value.
 */
@NullMarked
package pgha.dcs.dns;

import org.jspecify.annotations.NullMarked;
