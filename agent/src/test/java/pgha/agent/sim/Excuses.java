package pgha.agent.sim;

import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import pgha.dcs.model.InitializeKey;
import pgha.dcs.model.Moment;
import pgha.vip.AddressLifetime;

/**
 * Whose writes do not count for a while, because of something that fencing does not cover; and how long such a node
 * wrote beside another.
 *
 * <p>These are the exceptions that the documentation names: a host that was frozen whole and thaws, a machine that was
 * paused together with its clocks, etcd that broke its promise or was made to, and a pause of the cluster, in which fencing is off until
 * the node has heard of its end and is armed again.
 */
final class Excuses {
    /** What guard and fence take to kill, once they run again. */
    static final Duration TO_KILL = Duration.ofMillis(1200);

    /** Until then a kernel that runs again has dropped an address whose lifetime is over. */
    static final Duration TO_DROP = AddressLifetime.KERNEL_LATENESS.plusMillis(10);

    private record Excuse(String why, Moment until) {}

    private final World world;
    private final SortedMap<String, Excuse> excuses = new TreeMap<>();
    private final SortedMap<String, Duration> longest = new TreeMap<>();
    private Optional<Moment> besideSince = Optional.empty();
    private String besideWhy = "";

    Excuses(World world) {
        this.world = world;
    }

    void excuse(SimNode node, String why, Moment until) {
        excuses.merge(
                node.text(), new Excuse(why, until), (old, fresh) -> old.until().isAfter(until) ? old : fresh);
    }

    /** An agent that starts has not heard those say that they write whose key was taken away by hand before that. */
    void agentStarts(SimNode starting) {
        world.nodes().stream()
                .filter(node -> node != starting && world.etcd().hasRobbed(node.text()))
                .forEach(node -> excuse(
                        node,
                        "a leader key that was taken away by hand",
                        node.clock().whenItShows(node.writableUntil()).plus(TO_KILL)));
    }

    /** While the cluster is being made nobody has seen that there is one, and another makes its own. */
    void scopeIsWiped() {
        if (world.etcd().view().initialize() instanceof InitializeKey.Done) {
            return;
        }
        world.etcd()
                .leader()
                .flatMap(world::node)
                .ifPresent(node -> excuse(
                        node,
                        "all keys deleted while the cluster was made",
                        node.clock().whenItShows(node.writableUntil()).plus(TO_KILL)));
    }

    /** Why its writes do not count now. */
    Optional<String> of(SimNode node) {
        Excuse excuse = excuses.get(node.text());
        if (excuse != null && world.now().isBefore(excuse.until())) {
            return Optional.of(excuse.why());
        }
        return world.etcd().hasBrokenItsWordTo(node.text()) ? Optional.of("etcd broke its promise") : Optional.empty();
    }

    /** After every event: whether one that is excused writes beside another. */
    void look(Optional<String> beside) {
        if (beside.isPresent() && besideSince.isEmpty()) {
            besideSince = Optional.of(world.now());
            besideWhy = beside.get();
        }
        if (beside.isEmpty() && besideSince.isPresent()) {
            Duration lasted = besideSince.get().until(world.now());
            longest.merge(besideWhy, lasted, (a, b) -> a.compareTo(b) > 0 ? a : b);
            besideSince = Optional.empty();
        }
    }

    /** The longest time that two wrote side by side, for each of the reasons for which that is not held against us. */
    SortedMap<String, Duration> longest() {
        return Collections.unmodifiableSortedMap(longest);
    }
}
