package pgha.vip;

import java.time.Duration;
import java.util.Optional;

/** Whether this host has an address. Immutable. */
public sealed interface VipView {
    /**
     * It has.
     *
     * @param remaining until the kernel drops it, in whole seconds; empty means never
     * @param isOurs added by an agent, rather than by vip-manager or by hand
     * @param otherCopies how many more entries with the same address there are, on this or another interface
     */
    record Bound(String interfaceName, int prefixLength, Optional<Duration> remaining, boolean isOurs, int otherCopies)
            implements VipView {}

    /** It has not. */
    record NotBound() implements VipView {}

    /** The kernel did not tell. */
    record Unknown(String why) implements VipView {}
}
