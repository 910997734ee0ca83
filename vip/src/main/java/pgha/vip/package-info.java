/**
 * An L2 address with a deadline: binding it, keeping it, telling the neighbours, taking it off.
 *
 * <p>This package does not know what a leader is. Whoever may hold the address calls {@link pgha.vip.VipBinder} and says
 * for how long ({@link pgha.vip.AddressLifetime}); the kernel drops the address by itself when nobody extends it.
 *
 * <pre>
 *   Vip ──► VipBinder ◄── LinuxVip ──┬── KernelAddresses ──► netlink   RTM_NEWADDR, RTM_DELADDR, RTM_GETADDR
 *                                    ├── Connections ──────► netlink   SOCK_DESTROY
 *                                    └── Announcer ────────► arp       gratuitous ARP, neighbour advertisement
 *   AnnouncementSchedule: when the caller announces        AddressMonitor (netlink): somebody else changed it
 * </pre>
 *
 * <p>Rules:
 *
 * <ul>
 *   <li>An address is known by its bits alone. A copy under another prefix or on another interface (a /24 left by
 *       vip-manager) is replaced at bind and removed at unbind, and never takes the node's own addresses along.
 *   <li>It is bound as /32 or /128, so it is never the primary address of the node's network, whatever is removed and put
 *       back around it.
 *   <li>IPv6: no duplicate address detection, preferred lifetime 0.
 *   <li>A bind asks its permission again after the kernel's ack and undoes itself. So an unbind at the end of a term wins
 *       in every order of events: either it finds the address, or the bind finds its permission gone.
 *   <li>By force, the order is: kill the writer, reset the connections, unbind. Without the address no RST can leave.
 *   <li>Ours is what carries our number in IFA_PROTO (Linux 5.18 and later) or, for IPv4, our label ending in
 *       {@code :pgha}, which every {@code ip addr} shows.
 * </ul>
 *
 * <p>What it does not guarantee: the kernel's own deadline is late by up to about
 * {@link pgha.vip.AddressLifetime#KERNEL_LATENESS}, and a stopped kernel drops nothing.
 */
@NullMarked
package pgha.vip;

import org.jspecify.annotations.NullMarked;
