package pgha.agent.sim;

import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import pgha.dcs.MemoryStore;
import pgha.dcs.model.LeaderRecord;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;

/**
 * What is demanded of each part of failsafe mode alone, as {@link Promises} does of the others.
 *
 * <p>M: a leader asks all whom the map in the store has named for longer than a lease lasts: those listed since do not
 * stand. O: nobody goes on by the word of the members who knows that
 * another leads. V: nobody gives his word who leads, or is about to.
 */
final class Words {
    private static final Duration LONGEST_TTL = Duration.ofSeconds(30);

    private final World world;
    private final SortedMap<MemberName, Moment> listedSince = new TreeMap<>();

    Words(World world) {
        this.world = world;
    }

    void storeChanged(MemoryStore.Change change) {
        boolean written = change.puts().stream().anyMatch(key -> key.key().equals(SimEtcd.KEYS.failsafe()));
        if (written || change.deletes().contains(SimEtcd.KEYS.failsafe())) {
            SortedSet<MemberName> named = named();
            listedSince.keySet().retainAll(named);
            named.forEach(name -> listedSince.putIfAbsent(name, world.now()));
        }
    }

    /** What the map names is of an earlier moment, until a leader writes it anew. */
    void storeRestored() {
        listedSince.clear();
    }

    private SortedSet<MemberName> named() {
        return new TreeSet<>(world.etcd().view().failsafe().keySet());
    }

    /** The store does not answer its leader, which asks for the word of {@code members}. */
    void asks(SimNode node, SimAgent agent, SortedSet<MemberName> members) {
        if (world.excuses().of(node).isPresent()) {
            return;
        }
        boolean led =
                world.etcd().leader().filter(name -> !name.equals(node.text())).isPresent();
        SortedSet<MemberName> left = listedSince.entrySet().stream()
                .filter(listed -> !world.now().isBefore(listed.getValue().plus(LONGEST_TTL)))
                .map(Map.Entry::getKey)
                .filter(name -> !members.contains(name) && !name.equals(node.name()))
                .collect(Collectors.toCollection(TreeSet::new));
        require(
                led || left.isEmpty(),
                "M: %s asks %s, and not %s, which the map names".formatted(node.text(), members, left));
        boolean knows = agent.state().cluster().linkUp()
                && agent.state()
                        .view()
                        .leader()
                        .map(LeaderRecord::name)
                        .filter(name -> !name.equals(node.name()))
                        .isPresent();
        require(
                !knows,
                "O: %s goes on by the word of the members, and knows that another leads".formatted(node.text()));
    }

    /** A member lets a leader go on. */
    void given(SimNode node, SimAgent agent) {
        boolean leads = node.postgres().isWriter() && world.excuses().of(node).isEmpty();
        require(!leads, "V: %s gives its word, and writes".formatted(node.text()));
        require(
                !agent.isTakingTheKey(),
                "V: %s gives its word, and has asked for the leader key".formatted(node.text()));
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new Violation(sentence);
        }
    }
}
