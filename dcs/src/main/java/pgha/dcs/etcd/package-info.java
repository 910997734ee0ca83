/**
 * etcd v3 behind the port {@link pgha.dcs.Dcs}.
 *
 * <pre>
 *   EtcdDcs ── EtcdLink                         replaced as a whole when the configuration changes
 *      ├────── EtcdConnection ──┐               calls with one answer, each under its caller's deadline
 *      └────── EtcdWatch ───────┤               one read at R, then a watch from R+1
 *                               ├─ Dialer ── ChannelFactory ── EtcdChannel (one TCP connection, made once)
 *                               │    └── Discovery ── SrvSearch   where DNS says that etcd is, if it is asked
 *                               ├─ Endpoints                   whose turn it is, who is suspect
 *                               └─ AuthToken
 * </pre>
 *
 * <p>Why jetcd's generated stubs and not its client: the client repeats calls inside, so that nobody can say when a
 * request was sent nor how often, and a keepalive may outlive the deadline of its caller. Here
 *
 * <ul>
 *   <li>a request is sent once. It is sent a second time only if etcd has said that it turned the first one down
 *       (token expired); another endpoint is tried only as long as nothing was sent at all;
 *   <li>deadlines count from the call. They travel with the request, so that etcd gives up too, and at the deadline the
 *       connection is reset rather than closed: what the kernel has not delivered is discarded. What the peer's kernel
 *       already has may still be looked at, and that is what {@code NoAnswer} means;
 *   <li>an endpoint that was silent is a suspect and not asked again while there is another one;
 *   <li>a reconnection is ours to order: no channel ever reconnects by itself.
 * </ul>
 *
 * <p>Where etcd is, is written down, or DNS says it (RFC 2782, and "DNS discovery" in etcd's documentation). DNS is only
 * the beginning: it is asked on a thread of its own while nobody answers, and may be gone at any other time. etcd's own
 * list of its members is asked for only where DNS names nothing but ports for members; otherwise what is written down
 * or published counts.
 *
 * <p>The watch has a connection of its own, so that a call that runs into its deadline (a slow disk under etcd) does
 * not cost the view, and the other way round.
 *
 * <p>Not guaranteed: etcd itself may acknowledge a keepalive and lose the lease (an old leader that comes back from a
 * long stop), or forget revisions (a restored snapshot). The first shows as a deleted key; the second as a warning and
 * a view of the store as it is. etcd before 3.4 is not supported: it does not answer requests for progress.
 */
@NullMarked
package pgha.dcs.etcd;

import org.jspecify.annotations.NullMarked;
