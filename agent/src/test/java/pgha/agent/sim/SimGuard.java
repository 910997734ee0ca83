package pgha.agent.sim;

import java.time.Duration;
import java.util.Optional;
import pgha.agent.lease.LeaseGuard;
import pgha.dcs.model.Moment;

/**
 * The lease guard of one host: outlives the agent, and stops whatever postmaster it finds from its deadline on.
 *
 * <p>It can be stopped or killed itself. What it was told meanwhile waits in its pipe; an agent that arms it and hears
 * nothing replaces it, and one that sees it end starts another.
 */
final class SimGuard implements LeaseGuard {
    /** How often it looks once its deadline is over: a postmaster may be started by an agent that thaws. */
    private static final Duration LOOK = Duration.ofMillis(50);

    private final World world;
    private final SimNode node;
    private Optional<Moment> deadline = Optional.empty();
    private Moment toldAt = Moment.EARLIEST;
    private boolean runs = true;
    private long turn;

    SimGuard(World world, SimNode node) {
        this.world = world;
        this.node = node;
    }

    boolean runs() {
        return runs;
    }

    /** Stopped by a signal, or dead. */
    void fail() {
        runs = false;
    }

    /** Goes on, or another one has taken its place. */
    void goOn() {
        runs = true;
        deadline.ifPresent(this::lookAt);
    }

    @Override
    public Optional<String> arm(Moment until) {
        goOn();
        told(until);
        return Optional.empty();
    }

    @Override
    public void adopt(Moment until) {
        told(until);
    }

    @Override
    public void feed(Moment until) {
        if (deadline.filter(old -> old.isBefore(until)).isPresent()) {
            told(until);
        }
    }

    @Override
    public void move(Moment until) {
        if (deadline.isPresent()) {
            told(until);
        }
    }

    @Override
    public void disarm() {
        deadline = Optional.empty();
    }

    @Override
    public Optional<Moment> inheritedDeadline() {
        return deadline;
    }

    /** When it strikes: at once, if it is told of a deadline that is over. */
    Optional<Moment> strikesAt() {
        return deadline.map(at -> Moment.later(at, toldAt));
    }

    private void told(Moment until) {
        deadline = Optional.of(until);
        toldAt = node.clock().now();
        node.agent().ifPresent(agent -> world.promises().guarded(node, agent));
        lookAt(until);
    }

    /** A process wakes up a little late: the fence, if there is one, is first. */
    private void lookAt(Moment local) {
        long mine = ++turn;
        world.at(
                node.clock().whenItShows(local).plus(world.pace().millis(5, 30)),
                () -> node.run(() -> {
                    if (mine == turn) {
                        look();
                    }
                }));
    }

    private void look() {
        if (!runs || deadline.isEmpty()) {
            return;
        }
        if (node.clock().now().isBefore(deadline.get())) {
            lookAt(deadline.get());
            return;
        }
        SimPostgres postgres = node.postgres();
        if (!postgres.writersGone() && !postgres.isDying()) {
            world.trace().say(node.text(), "guard: the deadline is over: killing the postmaster");
            world.invariants().guardStrikes(node);
            postgres.end().byForce(world.pace().millis(50, 800));
        }
        lookAt(node.clock().now().plus(LOOK));
    }
}
