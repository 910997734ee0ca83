package pgha.vip;

import java.time.Duration;

/**
 * How long the kernel shall keep an address that nobody extends. Immutable; whole seconds, as the kernel counts.
 *
 * <p>The last resort when agent and guard are both dead: the address goes by itself at about the time at which the lease
 * may be given to another node.
 */
public record AddressLifetime(long seconds) {
    private static final long INFINITY = 0xFFFF_FFFFL;

    /** Until it is removed: while fencing is off. */
    public static final AddressLifetime FOREVER = new AddressLifetime(INFINITY);

    /**
     * How much later than asked the kernel drops an address, at worst.
     *
     * <p>Measured on Linux 6.18 with two cores, one address at a time, at random phases of the second, in milliseconds:
     *
     * <pre>
     *                               n   median    worst
     *   IPv4, CPUs left alone     140   52-193      597
     *   IPv4, CPUs burning         40       81      516
     *   IPv6, CPUs left alone     140   38-189     1184   (the next worst 647)
     *   IPv6, CPUs burning         40       38      374
     * </pre>
     *
     * <p>Never early. The kernel rounds the time of its next look up to a whole second, and its timer for IPv4 may wait
     * for a CPU that is awake anyway (check_lifetime in net/ipv4/devinet.c): so this is the worst seen, no guarantee. The
     * program that measures it is {@code KernelLatenessMeasurement} in it-tests.
     */
    public static final Duration KERNEL_LATENESS = Duration.ofMillis(1_250);

    public AddressLifetime {
        if (seconds < 1 || seconds > INFINITY) {
            throw new IllegalArgumentException("not a lifetime of an address: " + seconds + "s");
        }
    }

    /**
     * The longest lifetime with which the address is gone when the lease may be given away, though never so short that a
     * healthy primary would lose it before it steps down by itself.
     *
     * @param leftToExpiry from now until the store may give the lease to another
     * @param leftToDemotion from now until the primary begins to step down; may have passed
     */
    public static AddressLifetime within(Duration leftToExpiry, Duration leftToDemotion) {
        long longest = Math.floorDiv(leftToExpiry.minus(KERNEL_LATENESS).toMillis(), 1_000L);
        long shortest = Math.ceilDiv(leftToDemotion.toMillis(), 1_000L);
        return new AddressLifetime(Math.max(1, Math.max(longest, shortest)));
    }

    public boolean isForever() {
        return seconds == INFINITY;
    }

    @Override
    public String toString() {
        return isForever() ? "forever" : seconds + "s";
    }
}
