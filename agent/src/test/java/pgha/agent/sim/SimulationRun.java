package pgha.agent.sim;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import pgha.dcs.model.Moment;

/** One seed: a cluster that lives for three minutes, two of which are troubled. */
final class SimulationRun {
    static final Duration TROUBLED = Duration.ofMinutes(2);
    static final Duration LENGTH = Duration.ofMinutes(3);

    /** The clocks of honest hosts stay within this of true time. */
    private static final long DRIFT_PPM = 500;

    private final long seed;
    private final Prng prng;
    private final World world;
    private final Faults faults;

    SimulationRun(long seed, int keepTrace) {
        this.seed = seed;
        this.prng = new Prng(seed);
        long ttl = prng.oneOf(List.of(5, 10, 20, 30));
        String settings = "{\"ttl\":%d,\"loop_wait\":10,\"retry_timeout\":10,\"maximum_lag_on_failover\":1048576%s}"
                .formatted(ttl, prng.percent(20) ? ",\"primary_start_timeout\":0" : "");
        this.world = new World(Pace.random(prng), keepTrace, settings);
        for (String name : List.of("a", "b", "c")) {
            world.addNode(name, prng.between(-DRIFT_PPM, DRIFT_PPM), "");
        }
        this.faults = new Faults(world, prng, new Moment(TROUBLED.toNanos()));
        world.nodes()
                .forEach(node -> world.after(prng.between(Duration.ZERO, Duration.ofSeconds(1)), node::startAgent));
    }

    /** What went wrong, if anything. */
    Optional<String> play() {
        try {
            // Every fourth cluster is troubled while it is being made.
            faults.begin(seed % 4 == 0 ? prng.between(Duration.ZERO, Duration.ofSeconds(3)) : Duration.ofSeconds(12));
            world.simulation().runUntil(new Moment(TROUBLED.toNanos()));
            faults.healAll();
            world.simulation().runUntil(new Moment(LENGTH.toNanos()));
            return world.invariants().unsettled();
        } catch (Invariants.Violation | IllegalStateException | IllegalArgumentException e) {
            return Optional.of(e.toString() + " at " + e.getStackTrace()[0]);
        }
    }

    long seed() {
        return seed;
    }

    World world() {
        return world;
    }

    /** The seed, what went wrong, and the last lines of the story. */
    String report(String failure) {
        List<String> story = world.trace().lines();
        return "seed %d: %s\n%s\n%nplay it again: -Dtest=SimulationTest -Dsim.seed=%d -Dsim.trace=full"
                .formatted(seed, failure, String.join("\n", story), seed);
    }
}
