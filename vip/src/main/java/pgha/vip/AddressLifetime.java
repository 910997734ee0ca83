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

    /** How much later than asked the kernel drops an address. */
    public static final Duration KERNEL_LATENESS = Duration.ofSeconds(1);

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
