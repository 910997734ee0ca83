package pgha.agent.sim;

import java.time.Duration;
import org.slf4j.helpers.NOPLogger;
import pgha.agent.lease.Fencing;
import pgha.agent.lease.Terms;
import pgha.dcs.model.Moment;

/** Stands in for the fence's thread: the real rule, woken by newer terms. */
final class SimFence {
    private final World world;
    private final SimNode node;
    private final SimAgent agent;
    private final Fencing fencing;
    private long turn;
    private boolean strikes;

    SimFence(World world, SimNode node, SimAgent agent, Terms terms) {
        this.world = world;
        this.node = node;
        this.agent = agent;
        this.fencing = new Fencing(
                terms,
                node.clock()::now,
                this::killWriter,
                node.vip()::remove,
                now -> now.plus(Duration.ofHours(1)),
                NOPLogger.NOP_LOGGER);
    }

    void wake(Moment at) {
        long mine = ++turn;
        world.at(
                at,
                () -> agent.run(() -> {
                    if (mine == turn) {
                        take();
                    }
                }));
    }

    private void take() {
        strikes = false;
        Moment next = fencing.turn();
        if (strikes) {
            world.promises().fenced(node);
        }
        wake(node.clock().whenItShows(next));
    }

    /** It has struck, and what it strikes at has not died yet. */
    boolean isStriking() {
        return strikes;
    }

    private boolean killWriter() {
        strikes = true;
        SimPostgres postgres = node.postgres();
        if (postgres.writersGone()) {
            return true;
        }
        if (!postgres.isDying()) {
            world.trace().say(node.text(), "fence: the term is over: killing the postmaster");
            world.invariants().fenceStrikes(node, agent);
            postgres.end().byForce(world.pace().millis(50, 800));
        }
        return false;
    }
}
