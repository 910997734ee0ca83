package pgha.agent.sim;

import java.time.Duration;
import java.util.Optional;
import pgha.agent.ha.Observation.LeftAs;
import pgha.dcs.model.SystemIdentifier;

/** A primary that is none of the cluster's: what a standby cluster copies. Nobody's agent looks after it. */
final class Outside {
    private final World world;

    Outside(World world) {
        this.world = world;
    }

    /** @param like whose copy it is, on a timeline of its own since; empty for one that nobody knows */
    void begin(String name, Optional<SimNode> like) {
        SimPostgres postgres = world.addOutside(name).postgres();
        like.ifPresentOrElse(
                node -> postgres.copyOf(node.postgres(), LeftAs.IN_ARCHIVE_RECOVERY),
                () -> postgres.create(new SystemIdentifier(world.newSystem()), world.newBranch()));
        postgres.finish();
        postgres.start(like.isPresent(), Optional.empty(), Duration.ZERO, () -> {
            if (like.isPresent()) {
                postgres.promote(world.newBranch());
            }
        });
    }
}
