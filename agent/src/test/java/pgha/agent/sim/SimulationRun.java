package pgha.agent.sim;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import pgha.dcs.model.Moment;

/** One seed: a cluster that lives for some minutes, and is troubled in all but the last. */
final class SimulationRun {
    static final Duration LENGTH = Duration.ofMinutes(3);
    private static final Duration CALM = Duration.ofMinutes(1);

    /** The clocks of honest hosts stay within this of true time. */
    private static final long DRIFT_PPM = 500;

    /** Draws that are of no use to most seeds have a source of their own, so that the others stay what they are. */
    private static final long FAILSAFE = 0x5AFE;

    private static final long BACKUPS = 0xBACC;

    /**
     * What is played.
     *
     * @param without numbers of faults that are left out
     */
    record Script(long seed, Duration length, SortedSet<Integer> without) {
        static Script of(long seed) {
            return new Script(seed, LENGTH, Collections.emptySortedSet());
        }

        Script lasting(Duration other) {
            return new Script(seed, other, without);
        }

        Script without(int fault) {
            SortedSet<Integer> more = new TreeSet<>(without);
            more.add(fault);
            return new Script(seed, length, more);
        }
    }

    private final Script script;
    private final Moment troubledUntil;
    private final Prng prng;
    private final World world;
    private final Faults faults;

    SimulationRun(Script script, int keepTrace) {
        this.script = script;
        this.troubledUntil = new Moment(script.length().minus(CALM).toNanos());
        this.prng = new Prng(script.seed());
        long ttl = prng.oneOf(List.of(5, 10, 20, 30));
        boolean failsafe = new Prng(script.seed() ^ FAILSAFE).percent(40);
        String settings = "{\"ttl\":%d,\"loop_wait\":10,\"retry_timeout\":10,\"maximum_lag_on_failover\":%d%s%s%s}"
                .formatted(
                        ttl,
                        prng.percent(50) ? 1048576 : 20000,
                        prng.percent(20) ? ",\"primary_start_timeout\":0" : "",
                        failsafe ? ",\"failsafe_mode\":true" : "",
                        synchronous(new Prng(script.seed() ^ 0x5EC0DECAFL)));
        this.world = new World(Pace.random(prng), keepTrace, settings);
        for (String name : List.of("a", "b", "c")) {
            world.addNode(name, prng.between(-DRIFT_PPM, DRIFT_PPM), "");
        }
        Prng backups = new Prng(script.seed() ^ BACKUPS);
        if (backups.percent(20)) {
            world.restoreFromBackups(backups.between(100, 30_000));
        }
        this.faults = new Faults(world, new Prng(~script.seed()), troubledUntil, script.without());
        world.nodes()
                .forEach(node -> world.after(prng.between(Duration.ZERO, Duration.ofSeconds(1)), node::startAgent));
    }

    /**
     * Two clusters of five have synchronous mode on, half of those with a quorum; and four of ten of them wait even when
     * there is nobody to wait for.
     */
    private static String synchronous(Prng draw) {
        if (draw.percent(60)) {
            return "";
        }
        long count = draw.between(1, 2);
        String strict = draw.percent(40) ? ",\"synchronous_mode_strict\":true" : "";
        String mode = draw.percent(50) ? "\"quorum\"" : "true";
        return ",\"synchronous_mode\":%s,\"synchronous_node_count\":%d%s".formatted(mode, count, strict);
    }

    /** What went wrong, if anything. */
    Optional<String> play() {
        try {
            // Every fourth cluster is troubled while it is being made.
            boolean early = script.seed() % 4 == 0;
            faults.begin(early ? prng.between(Duration.ZERO, Duration.ofSeconds(3)) : Duration.ofSeconds(12));
            world.simulation().runUntil(troubledUntil);
            faults.healAll();
            world.simulation().runUntil(new Moment(script.length().toNanos()));
            return world.invariants().unsettled();
        } catch (Violation e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // Whatever the core or a rule throws: with the seed, and the story that leads to it.
            return Optional.of(e + " at " + e.getStackTrace()[0]);
        }
    }

    World world() {
        return world;
    }

    int faults() {
        return faults.drawn();
    }
}
