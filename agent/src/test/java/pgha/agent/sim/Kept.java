package pgha.agent.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.Timeline;

/**
 * Where everything is that a client was told is committed: on some disk, or in what was moved aside (I7).
 *
 * <p>In whatever mode: what a successor lacks is lost to the cluster, and an operator can still find it. The exception is
 * a rewind, which takes back what the primary that it follows was elected without, within the bounds that are set for
 * elections; what was told on a later timeline than that primary's is none of it. In synchronous mode there is none.
 */
final class Kept {
    private final World world;
    /** How far clients were told of commits on a branch, and which timeline that is. */
    private record Told(Timeline timeline, Lsn end) {
        Told upTo(Lsn other) {
            return new Told(timeline, other);
        }
    }

    private final SortedMap<Long, Told> told = new TreeMap<>();
    private final List<Wal> aside = new ArrayList<>();

    Kept(World world) {
        this.world = world;
    }

    /** A client was told. */
    void add(SimNode writer, long branch, Lsn end) {
        if (world.excuses().of(writer).isEmpty()) {
            told.merge(
                    branch,
                    new Told(writer.postgres().wal().timeline(), end),
                    (before, now) -> before.upTo(Lsn.max(before.end(), now.end())));
        }
    }

    void movedAside(Wal wal) {
        aside.add(wal);
    }

    /** Instead of what was there a node has another's log now. */
    void overwritten(SimNode node) {
        told.forEach((branch, commits) -> require(node, branch, commits.end()));
    }

    /** A node has the log of {@code source} now, and what was written beside that is gone. */
    void rewound(SimNode node, Wal source) {
        world.acknowledged().furthest().forEach((branch, end) -> require(node, branch, end));
        told.forEach((branch, commits) -> {
            if (source.timeline().isBehind(commits.timeline())) {
                require(node, branch, commits.end());
            }
        });
        told.replaceAll((branch, commits) -> has(branch, commits.end()) ? commits : commits.upTo(left(branch)));
        told.values().removeIf(commits -> commits.end().equals(Lsn.ZERO));
    }

    private void require(SimNode node, long branch, Lsn end) {
        if (!has(branch, end)) {
            throw new Violation(
                    "I7: with the data of %s went the last copy of commits up to %s".formatted(node.text(), end));
        }
    }

    private Stream<Wal> copies() {
        return Stream.concat(
                aside.stream(),
                world.nodes().stream()
                        .map(SimNode::postgres)
                        .filter(SimPostgres::hasData)
                        .map(SimPostgres::wal));
    }

    private boolean has(long branch, Lsn end) {
        return copies().anyMatch(wal -> wal.has(branch, end));
    }

    /** How far the longest copy of a branch goes. */
    private Lsn left(long branch) {
        return copies().flatMap(wal -> wal.endOf(branch).stream()).reduce(Lsn.ZERO, Lsn::max);
    }
}
