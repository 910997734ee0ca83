package pgha.agent.sim;

import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who can reach whom, how long it takes, and what gets lost, for each pair of hosts. etcd is one host of its own.
 *
 * <p>What is said once is lost, late, or heard twice; a stream comes whole and in order, and late where something of it
 * had to be sent again.
 */
final class SimNetwork {
    static final String ETCD = "etcd";

    private final Simulation simulation;
    private final Pace pace;
    private final SortedSet<String> cut = new TreeSet<>();
    private final SortedSet<String> down = new TreeSet<>();
    private final SortedMap<String, Quality> poor = new TreeMap<>();

    /** Of a hundred messages so many do not arrive, arrive when hardly anybody waits for them any more, arrive twice. */
    record Quality(int loss, int late, int twice) {
        static final Quality GOOD = new Quality(0, 0, 0);

        /** Some of what is not lost comes late. */
        static Quality lossy(int percent) {
            return new Quality(percent, percent / 2, 0);
        }

        static Quality slow(int percent) {
            return new Quality(0, percent, 0);
        }

        static Quality repeating(int percent) {
            return new Quality(0, 0, percent);
        }
    }

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
        poor.clear();
    }

    /** A host without power, or frozen whole: nothing comes from it or gets to it. */
    void down(String host, boolean is) {
        if (is) {
            down.add(host);
        } else {
            down.remove(host);
        }
    }

    /** How good the way is in both directions from now on. */
    void quality(String one, String other, Quality quality) {
        poor.put(one + ">" + other, quality);
        poor.put(other + ">" + one, quality);
    }

    private Quality between(String from, String to) {
        return poor.getOrDefault(from + ">" + to, Quality.GOOD);
    }

    boolean passes(String from, String to) {
        return !down.contains(from) && !down.contains(to) && !cut.contains(from + ">" + to);
    }

    boolean passesBothWays(String one, String other) {
        return passes(one, other) && passes(other, one);
    }

    /** Whether a single message or request arrives at all; draws from the seed. */
    boolean arrives(String from, String to) {
        return passes(from, to) && !pace.percent(between(from, to).loss());
    }

    /**
     * A request on its way.
     *
     * @param second when it arrives once more, without an answer
     */
    record Way(Duration first, Optional<Duration> second) {}

    /** @param timeout for so long its sender waits */
    Way way(String from, String to, Duration timeout) {
        Quality quality = between(from, to);
        boolean late = quality.late() > 0 && pace.percent(quality.late());
        if (late) {
            return new Way(timeout.plus(muchLater()), Optional.empty());
        }
        boolean twice = quality.twice() > 0 && pace.percent(quality.twice());
        return new Way(delay(), twice ? Optional.of(muchLater()) : Optional.empty());
    }

    /** Somebody on the way has kept it. */
    private Duration muchLater() {
        return pace.percent(30) ? pace.millis(1000, 12_000) : pace.millis(1, 500);
    }

    Duration delay() {
        return pace.percent(1) ? pace.millis(5, 80) : pace.millis(1, 3);
    }

    /** For how long a stream stands still now, until what was lost of it has been sent again. */
    Duration standstill(String from, String to) {
        int loss = between(from, to).loss();
        return loss > 0 && pace.percent(loss) ? pace.millis(200, 1600) : Duration.ZERO;
    }

    /**
     * Delivers a message between agents, if it can be delivered both when it is sent and when it arrives. A late one may
     * still be waited for: agents give each other a second.
     */
    void send(String from, String to, Runnable arrival) {
        if (!arrives(from, to)) {
            return;
        }
        Way way = way(from, to, Duration.ofMillis(pace.percent(50) ? 20 : 1000));
        deliver(way.first(), from, to, arrival);
        way.second().ifPresent(again -> deliver(again, from, to, arrival));
    }

    private void deliver(Duration in, String from, String to, Runnable arrival) {
        simulation.after(in, () -> {
            if (passes(from, to)) {
                arrival.run();
            }
        });
    }
}
