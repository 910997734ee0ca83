package pgha.agent.sim;

import java.time.Duration;
import java.util.List;

/** Random numbers from one seed, the same on every machine and in every JVM: SplitMix64. */
final class Prng {
    private long state;

    Prng(long seed) {
        this.state = seed;
    }

    long next() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** From {@code least} to {@code most}, both included. */
    long between(long least, long most) {
        return least + Long.remainderUnsigned(next(), most - least + 1);
    }

    Duration between(Duration least, Duration most) {
        return Duration.ofNanos(between(least.toNanos(), most.toNanos()));
    }

    boolean percent(int chance) {
        return between(0, 99) < chance;
    }

    <T> T oneOf(List<T> choices) {
        return choices.get((int) between(0, choices.size() - 1));
    }
}
