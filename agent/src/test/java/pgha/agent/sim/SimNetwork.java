package pgha.agent.sim;

import java.time.Duration;
import java.util.SortedSet;
import java.util.TreeSet;

/** Who can reach whom, how long it takes, and what gets lost. etcd is one host of its own. */
final class SimNetwork {
    static final String ETCD = "etcd";

    private final Simulation simulation;
    private final Pace pace;
    private final SortedSet<String> cut = new TreeSet<>();
    private int lossPercent;

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
    }

    void lose(int percent) {
        lossPercent = percent;
    }

    boolean passes(String from, String to) {
        return !cut.contains(from + ">" + to);
    }

    boolean passesBothWays(String one, String other) {
        return passes(one, other) && passes(other, one);
    }

    /** Whether a single message or request arrives at all; draws from the seed. */
    boolean arrives(String from, String to) {
        return passes(from, to) && !pace.percent(lossPercent);
    }

    /** Whether a request is held up on its way for longer than its sender waits. */
    boolean dawdles() {
        return lossPercent > 0 && pace.percent(lossPercent / 2);
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
