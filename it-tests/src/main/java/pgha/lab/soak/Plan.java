package pgha.lab.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** The faults of one round. The same seed and number make the same plan. */
public record Plan(String name, Kind kind, List<Strike> strikes) {
    /** How the faults of a round belong together. */
    public enum Kind {
        ALONE,
        AMID_SWITCHOVER,
        PAIR;

        /** True if the first strike meets a cluster that has everything it needs, so that it must begin. */
        boolean isCertain() {
            return this != PAIR;
        }
    }

    private static final Duration ALONE = Duration.ofSeconds(8);
    /** Long enough for any fault to take hold, and too short for a lease of five seconds to end. */
    private static final Duration IN_THE_MIDDLE = Duration.ofMillis(700);

    private static final double SHORTEST_MILLIS = 100;
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int LATEST_SECOND_MILLIS = 4000;
    private static final double SECOND_IS_A_SWITCHOVER = 0.2;
    private static final double FIRST_HITS_THE_PRIMARY = 0.75;
    private static final double BOTH_HIT_THE_SAME = 0.6;

    public Plan {
        strikes = List.copyOf(strikes);
    }

    /** The fault alone, on the primary, for longer than a lease of five seconds. */
    public static Plan alone(Fault fault) {
        return new Plan(fault.words(), Kind.ALONE, List.of(new Strike(fault, Victim.PRIMARY, Duration.ZERO, ALONE)));
    }

    /** The fault on a primary that is handing over, or about to: an operator's order comes in the middle of it. */
    public static Plan amidSwitchover(Fault fault) {
        return new Plan(
                fault.words() + " amid a switchover",
                Kind.AMID_SWITCHOVER,
                List.of(
                        new Strike(fault, Victim.PRIMARY, Duration.ZERO, ALONE),
                        new Strike(Fault.SWITCHOVER, Victim.PRIMARY, IN_THE_MIDDLE, ALONE.minus(IN_THE_MIDDLE))));
    }

    /** Two different faults, near in time, each as long as chance has it. */
    public static Plan random(long seed, int number) {
        return random(seed, number, LONGEST);
    }

    /** As {@link #random(long, int)}, with no fault longer than {@code longest}. */
    public static Plan random(long seed, int number, Duration longest) {
        Random random = new Random(seed * 1_000_003 + number);
        Fault first = anyOf(random, Fault.values());
        Fault second = random.nextDouble() < SECOND_IS_A_SWITCHOVER ? Fault.SWITCHOVER : anyOf(random, Fault.values());
        while (second == first) {
            second = anyOf(random, Fault.values());
        }
        Victim victim = random.nextDouble() < FIRST_HITS_THE_PRIMARY ? Victim.PRIMARY : Victim.REPLICA;
        Victim other = random.nextDouble() < BOTH_HIT_THE_SAME ? victim : anyOf(random, Victim.values());
        Duration later = Duration.ofMillis(random.nextInt(LATEST_SECOND_MILLIS));
        return new Plan(
                "seed " + seed + " round " + number,
                Kind.PAIR,
                List.of(
                        new Strike(first, victim, Duration.ZERO, duration(random, longest)),
                        new Strike(second, other, later, duration(random, longest))));
    }

    Set<Fault> faults() {
        return strikes.stream().map(Strike::fault).collect(Collectors.toSet());
    }

    /** What happens when, in nanoseconds from the first moment; each strike begins and ends. */
    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (Strike strike : strikes) {
            steps.add(new Step(strike.after(), strike, true));
            steps.add(new Step(strike.after().plus(strike.lasts()), strike, false));
        }
        steps.sort((one, other) -> one.at().compareTo(other.at()));
        return steps;
    }

    /** A moment at which a strike begins or ends. */
    record Step(Duration at, Strike strike, boolean begins) {}

    @Override
    public String toString() {
        return name + ": " + strikes.stream().map(Strike::toString).collect(Collectors.joining(" + "));
    }

    /** As many short ones as long ones: of up to a minute, half are below two and a half seconds. */
    private static Duration duration(Random random, Duration longest) {
        double millis = SHORTEST_MILLIS * Math.pow(longest.toMillis() / SHORTEST_MILLIS, random.nextDouble());
        return Duration.ofMillis(Math.round(millis));
    }

    private static <T> T anyOf(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }
}
