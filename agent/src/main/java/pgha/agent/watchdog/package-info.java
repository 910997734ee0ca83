/**
 * What resets this host, or restarts this process, when neither agent nor guard can act any more (rings 2c and 2d).
 *
 * <p>{@link pgha.agent.watchdog.LeaseWatchdog} feeds a watchdog device of the kernel from the thread of the fence, and
 * only as far as the lease reaches: if the host hangs, it is reset before the lease may be given to another. {@link
 * pgha.agent.watchdog.Driver} is the device; {@link pgha.agent.watchdog.SystemdWatchdog} is systemd's {@code WatchdogSec}.
 */
@NullMarked
package pgha.agent.watchdog;

import org.jspecify.annotations.NullMarked;
