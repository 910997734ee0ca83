package pgha.agent.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The three members of etcd: which of them leads, which one a node talks to, and how far each is behind.
 *
 * <p>Without a leader nothing is decided: no write, no read, no lease ends. A leader that is cut off does not know for a
 * while that it leads no more, and still answers renewals to those who talk to it. That is no harm as long as the next
 * one is not elected, for he restarts all leases; from then on its word is worth nothing.
 */
final class EtcdMembers {
    /** What a node hears that talks to its member. */
    enum Hearing {
        EVERYTHING,
        RENEWALS_ONLY,
        NOTHING
    }

    private static final int COUNT = 3;

    private final Simulation simulation;
    private final Runnable elected;
    private final SortedMap<String, Integer> endpoints = new TreeMap<>();
    private final SortedSet<Integer> out = new TreeSet<>();
    private final List<Duration> lag = new ArrayList<>(Collections.nCopies(COUNT, Duration.ZERO));
    private Optional<Integer> leader = Optional.of(0);
    private Optional<Integer> stale = Optional.empty();
    private int elections;

    /** @param elected is told of every election that had an outcome */
    EtcdMembers(Simulation simulation, Runnable elected) {
        this.simulation = simulation;
        this.elected = elected;
    }

    boolean hasLeader() {
        return leader.isPresent();
    }

    private int endpoint(String node) {
        return endpoints.computeIfAbsent(node, name -> name.charAt(0) % COUNT);
    }

    Hearing hearing(String node) {
        int endpoint = endpoint(node);
        if (stale.filter(index -> index == endpoint).isPresent()) {
            return Hearing.RENEWALS_ONLY;
        }
        return leader.isPresent() && !out.contains(endpoint) ? Hearing.EVERYTHING : Hearing.NOTHING;
    }

    /** Whether its member is there at all, leader or not. */
    boolean isThere(String node) {
        return !out.contains(endpoint(node));
    }

    /** Nobody answered: it talks to the next one. */
    void moveOn(String node) {
        endpoints.put(node, (endpoint(node) + 1) % COUNT);
    }

    /** For how long what happens is kept from those who watch through this node's member. */
    Duration lag(String node) {
        return lag.get(endpoint(node));
    }

    /** The member behind which this node sits falls behind. */
    void slowDown(String node, Duration by, Duration lasts) {
        int slow = endpoint(node);
        lag.set(slow, by);
        simulation.after(lasts, () -> lag.set(slow, Duration.ZERO));
    }

    /** The leader dies and comes back; another is elected after {@code without}. */
    void loseLeader(Duration without, Duration lasts) {
        leader.ifPresent(old -> {
            leave(old, lasts);
            electAfter(without);
        });
    }

    /**
     * The leader is cut off from the others, but not from its clients.
     *
     * @param unaware for how long it answers on after the election of another
     */
    void cutLeaderOff(Duration without, Duration unaware, Duration lasts) {
        leader.ifPresent(old -> {
            stale = leader;
            leave(old, lasts);
            electAfter(without);
            simulation.after(without.plus(unaware), () -> stale = Optional.empty());
        });
    }

    /** Somebody asks for the leader's place, or it stumbles. */
    void elect(Duration without) {
        leader.ifPresent(old -> electAfter(without));
    }

    boolean hasStaleLeader() {
        return stale.isPresent();
    }

    /** A former leader answers although another has been elected. */
    boolean hasTwoLeaders() {
        return stale.isPresent() && leader.isPresent();
    }

    void heal() {
        out.clear();
        stale = Optional.empty();
        Collections.fill(lag, Duration.ZERO);
        if (leader.isEmpty()) {
            win();
        }
    }

    private void leave(int member, Duration lasts) {
        out.add(member);
        simulation.after(lasts, () -> out.remove(member));
    }

    private void electAfter(Duration without) {
        leader = Optional.empty();
        int mine = ++elections;
        simulation.after(without, () -> {
            if (mine == elections && leader.isEmpty()) {
                win();
            }
        });
    }

    /** At least two of them must be there; whoever is may win. */
    private void win() {
        if (out.size() > COUNT / 2) {
            electAfter(Duration.ofMillis(500));
            return;
        }
        int next = elections % COUNT;
        while (out.contains(next)) {
            next = (next + 1) % COUNT;
        }
        leader = Optional.of(next);
        elected.run();
    }
}
