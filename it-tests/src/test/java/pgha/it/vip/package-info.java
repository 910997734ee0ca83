/**
 * What the kernel really does with our addresses: binding, expiry, announcements, resets.
 *
 * <p>Each test opens {@link pgha.vip.LinuxVip} in the network of one of the lab's hosts, and looks at the outcome with the
 * tools of an administrator ({@code ip}, {@code tcpdump}) or as a client does. Nothing here measures time, but for
 * {@code KernelLatenessMeasurement}, which is a program to run by hand.
 */
@NullMarked
package pgha.it.vip;

import org.jspecify.annotations.NullMarked;
