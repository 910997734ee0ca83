/**
 * System calls and the kernel's own words: file descriptors, errno, interface numbers, Ethernet addresses.
 *
 * <p>The only package of the module that calls C. {@link pgha.vip.linux.RawSocket} is all that leaves it of that: a
 * call either does what it says or throws {@link pgha.vip.linux.ErrnoException}. It knows no protocol; those are pure
 * encoders and decoders in {@code pgha.vip.netlink} and {@code pgha.vip.arp}.
 */
@NullMarked
package pgha.vip.linux;

import org.jspecify.annotations.NullMarked;
