package pgha.vip;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * When to announce an address, counted from its binding. Immutable; pure.
 *
 * <p>A burst, because a frame may be lost and a switch port may still be learning; the same again later, for whoever
 * was rebooting or reconfiguring at that moment; then now and then as long as the address is bound, which also wins
 * back an entry that a duplicate elsewhere has stolen.
 *
 * @param fixed ascending
 */
public record AnnouncementSchedule(List<Duration> fixed, Duration refreshEvery) {
    /** 0, 50, 150, 350 and 750 ms, the same after 5 s, then every 10 s. */
    public static final AnnouncementSchedule STANDARD = standard();

    public AnnouncementSchedule {
        fixed = fixed.stream().sorted().toList();
        if (!refreshEvery.isPositive()) {
            throw new IllegalArgumentException("not an interval: " + refreshEvery);
        }
    }

    private static AnnouncementSchedule standard() {
        List<Duration> offsets = new ArrayList<>();
        for (long set : new long[] {0, 5_000}) {
            for (long offset : new long[] {0, 50, 150, 350, 750}) {
                offsets.add(Duration.ofMillis(set + offset));
            }
        }
        return new AnnouncementSchedule(offsets, Duration.ofSeconds(10));
    }

    /**
     * The first time to announce that is later than {@code sinceBinding}, counted from the binding as well: what was
     * missed is not made up for. The one at zero belongs to the binding itself.
     */
    public Duration nextAfter(Duration sinceBinding) {
        for (Duration offset : fixed) {
            if (offset.compareTo(sinceBinding) > 0) {
                return offset;
            }
        }
        long refreshes = sinceBinding.toNanos() / refreshEvery.toNanos();
        return refreshEvery.multipliedBy(refreshes + 1);
    }
}
