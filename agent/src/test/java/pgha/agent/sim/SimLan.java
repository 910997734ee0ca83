package pgha.agent.sim;

import java.util.Optional;

/**
 * Where the neighbours on the network send what is for the address: to whoever announced it last.
 *
 * <p>Frames arrive. One that comes from a host which must not have the address any more takes the clients away from who
 * has it, for as long as nobody announces it anew; that the address itself goes a moment later does not help them.
 */
final class SimLan {
    private final World world;
    private Optional<SimNode> believed = Optional.empty();

    SimLan(World world) {
        this.world = world;
    }

    void announced(SimNode node) {
        boolean covered = node.clock().now().isBefore(node.writableUntil());
        if (!covered && !world.invariants().isUnfenced(node)) {
            throw new Violation("I3: %s announces the address without a term".formatted(node.text()));
        }
        believed = Optional.of(node);
    }

    /** Why clients do not reach the primary, although all else is well. */
    Optional<String> unsettled(SimNode primary) {
        return believed.filter(primary::equals).isPresent()
                ? Optional.empty()
                : Optional.of("I8: what is for the address goes to %s, and %s leads"
                        .formatted(believed.map(SimNode::text).orElse("nobody"), primary.text()));
    }
}
