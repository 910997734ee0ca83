package pgha.agent.sim;

import java.util.Comparator;
import java.util.Optional;
import pgha.agent.ha.Observation.LeftAs;
import pgha.agent.ha.TaskSpec.Upstream;

/** What it comes to when one server's data are made from another's; empty if it went well. */
final class SimCopies {
    private final World world;
    private final SimNode node;

    SimCopies(World world, SimNode node) {
        this.world = world;
        this.node = node;
    }

    Optional<String> cloned(Upstream from) {
        Optional<SimPostgres> source = world.source(node, from);
        SimPostgres postgres = node.postgres();
        if (source.isEmpty()) {
            return Optional.of("cannot clone from " + from.name() + ": the connection broke");
        }
        if (postgres.disk().isFull()) {
            return Optional.of("cannot clone from " + from.name() + ": no space left on device");
        }
        postgres.moveAside();
        boolean whole = source.get().isPrimary();
        postgres.copyOf(source.get(), whole ? LeftAs.IN_PRODUCTION : LeftAs.IN_ARCHIVE_RECOVERY);
        postgres.restoredWithout(world.lackingInBackups());
        world.kept().overwritten(node);
        return Optional.empty();
    }

    /** The archive has all that was ever written, but for the last of it. */
    Optional<String> restored() {
        SimPostgres postgres = node.postgres();
        if (postgres.disk().isFull()) {
            return Optional.of("cannot restore: no space left on device");
        }
        SimPostgres furthest = world.nodes().stream()
                .map(SimNode::postgres)
                .filter(SimPostgres::hasData)
                .max(Comparator.comparing((SimPostgres it) -> it.wal().timeline())
                        .thenComparing(it -> it.wal().end()))
                .orElse(postgres);
        postgres.moveAside();
        postgres.copyOf(furthest, LeftAs.IN_ARCHIVE_RECOVERY);
        postgres.restoredWithout(world.lackingInBackups());
        world.kept().overwritten(node);
        return Optional.empty();
    }

    Optional<String> rewound(Upstream from) {
        Optional<SimPostgres> source = world.source(node, from);
        SimPostgres postgres = node.postgres();
        String cannot = "cannot rewind from " + from.name() + ": ";
        if (source.isEmpty()) {
            return Optional.of(cannot + "the connection broke");
        }
        if (!source.get().isPrimary() || !source.get().isCheckpointed()) {
            return Optional.of(cannot + "it is in recovery or has not checkpointed");
        }
        if (!source.get().system().equals(postgres.system())) {
            return Optional.of(cannot + "it is of another system");
        }
        // pg_rewind compares numbers: with the same one it finds nothing to do.
        if (!source.get().wal().timeline().equals(postgres.wal().timeline())) {
            postgres.copyOf(source.get(), LeftAs.IN_ARCHIVE_RECOVERY);
            world.kept().rewound(node, source.get().wal());
        }
        return Optional.empty();
    }
}
