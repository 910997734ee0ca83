/**
 * What resets this host, or restarts this process, when neither agent nor guard can act any more (rings 2c and 2d).
 *
 * <p>{@link pgha.agent.watchdog.LeaseWatchdog} feeds a watchdog device of the kernel on the word of the fence, by a
 * thread of its own (a device may block, the fence may not), and only as far as the lease reaches: if the host hangs, it is reset before the lease may be given to another. {@link
 * pgha.agent.watchdog.Driver} is the device; {@link pgha.agent.watchdog.SystemdWatchdog} is systemd's {@code WatchdogSec}.
 */
@NullMarked
package pgha.agent.watchdog;

import org.jspecify.annotations.NullMarked;
