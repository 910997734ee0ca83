package pgha.agent.sim;

import java.time.Duration;
import java.util.Iterator;
import pgha.agent.postgres.EndStep;

/**
 * How one server ends by force, by the steps of production, and the backends that a dead postmaster leaves behind.
 *
 * <p>Those finish what they are at and acknowledge it, unless somebody kills them before.
 */
final class SimEnd {
    private static final Duration GRACE = Duration.ofMillis(200);

    private final World world;
    private final SimNode node;
    private final SimPostgres server;
    private boolean underWay;
    private boolean orphans;
    private long generation;

    SimEnd(World world, SimNode node, SimPostgres server) {
        this.world = world;
        this.node = node;
        this.server = server;
    }

    boolean isUnderWay() {
        return underWay;
    }

    boolean hasOrphans() {
        return orphans;
    }

    /** None of its processes is left. */
    void over() {
        underWay = false;
        orphans = false;
        generation++;
    }

    /** By force: it ends when it is asked, if that does not take too long; else it is killed. */
    void byForce(Duration takes) {
        if (orphans) {
            server.disk().after(Duration.ZERO, this::orphansDie);
        }
        if (!server.isRunning() || underWay) {
            return;
        }
        underWay = true;
        next(EndStep.BY_FORCE.iterator(), takes);
    }

    /** Whoever kills does not wait for the disk; who dies may have to. */
    private void next(Iterator<EndStep> left, Duration takes) {
        if (!left.hasNext()) {
            return;
        }
        switch (left.next()) {
            case ASK -> {
                if (!world.pace().percent(10)) {
                    dies(takes, server::gone);
                }
                later(takes.compareTo(GRACE) > 0 ? takes : GRACE, () -> next(left, takes));
            }
            case HOLD -> next(left, takes);
            case KILL_CHILDREN -> {
                dies(Duration.ZERO, server::endClients);
                later(world.pace().millis(1, 20), () -> next(left, takes));
            }
            // Now and then the postmaster alone is there for longer.
            case KILL_POSTMASTER ->
                dies(world.pace().percent(50) ? world.pace().millis(1000, 5000) : Duration.ZERO, this::postmasterDies);
        }
    }

    private void later(Duration delay, Runnable work) {
        int mine = server.pid();
        world.after(
                delay,
                () -> node.run(() -> {
                    if (mine == server.pid()) {
                        work.run();
                    }
                }));
    }

    private void dies(Duration delay, Runnable work) {
        int mine = server.pid();
        server.disk().after(delay, () -> {
            if (mine == server.pid()) {
                work.run();
            }
        });
    }

    /** Of a SIGKILL, ours or anybody's. */
    void postmasterDies() {
        boolean leaves = server.isWriter();
        int was = server.pid();
        server.ended();
        orphans = leaves;
        if (leaves) {
            long mine = generation;
            world.trace().say(node.text(), "postgres: the postmaster is dead, and its backends go on");
            server.disk().after(world.pace().millis(0, 10_000), () -> {
                if (mine == generation) {
                    orphansDie();
                }
            });
        }
        node.postmasterDied(was);
    }

    void orphansDie() {
        orphans = false;
        generation++;
    }
}
