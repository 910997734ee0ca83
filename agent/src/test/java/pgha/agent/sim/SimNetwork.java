package pgha.agent.sim;

import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Who can reach whom, how long it takes, and what gets lost. etcd is one host of its own. */
final class SimNetwork {
    static final String ETCD = "etcd";

    private final Simulation simulation;
    private final Pace pace;
    private final SortedSet<String> cut = new TreeSet<>();
    private final SortedSet<String> down = new TreeSet<>();
    private int lossPercent;
    private int latePercent;
    private int twicePercent;

    SimNetwork(Simulation simulation, Pace pace) {
        this.simulation = simulation;
        this.pace = pace;
    }

    void cut(String from, String to) {
        cut.add(from + ">" + to);
    }

    void cutBoth(String one, String other) {
        cut(one, other);
        cut(other, one);
    }

    void heal(String one, String other) {
        cut.remove(one + ">" + other);
        cut.remove(other + ">" + one);
    }

    void healAll() {
        cut.clear();
        lossPercent = 0;
        latePercent = 0;
        twicePercent = 0;
    }

    /** A host without power, or frozen whole: nothing comes from it or gets to it. */
    void down(String host, boolean is) {
        if (is) {
            down.add(host);
        } else {
            down.remove(host);
        }
    }

    /** Some of what is not lost comes too late. */
    void lose(int percent) {
        lossPercent = percent;
        latePercent = percent / 2;
    }

    /** Of a hundred requests so many arrive when nobody waits for their answer any more. */
    void delay(int percent) {
        latePercent = percent;
    }

    /** Of a hundred requests so many arrive twice. */
    void repeat(int percent) {
        twicePercent = percent;
    }

    boolean passes(String from, String to) {
        return !down.contains(from) && !down.contains(to) && !cut.contains(from + ">" + to);
    }

    boolean passesBothWays(String one, String other) {
        return passes(one, other) && passes(other, one);
    }

    /** Whether a single message or request arrives at all; draws from the seed. */
    boolean arrives(String from, String to) {
        return passes(from, to) && !pace.percent(lossPercent);
    }

    /**
     * A request on its way.
     *
     * @param second when it arrives once more, without an answer
     */
    record Way(Duration first, Optional<Duration> second) {}

    /** @param timeout for so long its sender waits */
    Way way(Duration timeout) {
        boolean late = latePercent > 0 && pace.percent(latePercent);
        if (late) {
            return new Way(timeout.plus(muchLater()), Optional.empty());
        }
        boolean twice = twicePercent > 0 && pace.percent(twicePercent);
        return new Way(delay(), twice ? Optional.of(muchLater()) : Optional.empty());
    }

    /** Somebody on the way has kept it. */
    private Duration muchLater() {
        return pace.percent(30) ? pace.millis(1000, 12_000) : pace.millis(1, 500);
    }

    Duration delay() {
        return pace.percent(1) ? pace.millis(5, 80) : pace.millis(1, 3);
    }

    /** Delivers after a delay, if it can be delivered both when it is sent and when it arrives. */
    void send(String from, String to, Runnable arrival) {
        if (!arrives(from, to)) {
            return;
        }
        simulation.after(delay(), () -> {
            if (passes(from, to)) {
                arrival.run();
            }
        });
    }
}
