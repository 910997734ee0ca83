package pgha.agent.ctl;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgha.agent.ctl.ClusterPicture.Entry;

/**
 * Orders members as a tree: each below the one it follows, by the tag {@code replicatefrom} or else the leader.
 *
 * <p>Confined to one call. Members that follow each other in a circle stand below the others.
 */
final class Topology {
    private final List<Entry> members;
    private final Map<Entry, String> tree = new LinkedHashMap<>();

    private Topology(List<Entry> members) {
        this.members = members;
    }

    /** Members in the order of the tree, with the name as it is printed: {@code   + pg3}. */
    static Map<Entry, String> of(ClusterPicture picture) {
        Topology topology = new Topology(picture.members());
        topology.members.stream().filter(Entry::leads).forEach(leader -> topology.tree.put(leader, leader.name()));
        topology.members.stream()
                .filter(member -> topology.upstream(member).isEmpty())
                .forEach(member -> topology.add(member, 0));
        topology.members.forEach(member -> topology.add(member, 0));
        return topology.tree;
    }

    private void add(Entry member, int depth) {
        if (tree.putIfAbsent(member, "  ".repeat(depth) + "+ " + member.name()) == null) {
            members.stream()
                    .filter(other -> upstream(other).filter(member::equals).isPresent())
                    .forEach(other -> add(other, depth + 1));
        }
    }

    /** The replica that this one follows by its tag, which has a name or an address; empty if it follows the leader, or nobody of this cluster. */
    private Optional<Entry> upstream(Entry member) {
        String wanted = member.json().path("tags").path("replicatefrom").asText("");
        return members.stream()
                .filter(other -> !wanted.isEmpty() && !other.equals(member))
                .filter(other -> other.name().equals(wanted) || other.host().equals(wanted))
                .filter(other -> !other.leads() && !member.leads())
                .findFirst();
    }
}
