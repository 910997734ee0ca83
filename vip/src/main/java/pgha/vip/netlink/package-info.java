/**
 * Talking with the kernel about addresses, links and TCP sockets, without an external program.
 *
 * <pre>
 *   AddressMessage  LinkMessage  SocketMessage     pure: values to bytes and back
 *          └────────────┼──────────────┘
 *                 NetlinkMessage                   pure: header, acks, the kernel's own words on a refusal
 *                ┌──────┴───────┐
 *         NetlinkSocket    AddressMonitor          one asks and waits, the other only listens
 * </pre>
 *
 * <p>Every request is acked or is a listing that ends; answers are matched by sequence number, and only datagrams of the
 * kernel itself (port 0) are read. The structures are from linux/netlink.h, rtnetlink.h, if_addr.h and inet_diag.h; the
 * byte order is the machine's. Failures are {@link pgha.vip.linux.ErrnoException}.
 *
 * <p>What the kernel does with IPv4 addresses, as far as it matters here: an address is known by interface, local
 * address and prefix together; the first one of a network on an interface is its primary address, the others are
 * secondary and are deleted with it unless the interface promotes them. An IPv6 address is there once an interface,
 * whatever its prefix.
 */
@NullMarked
package pgha.vip.netlink;

import org.jspecify.annotations.NullMarked;
