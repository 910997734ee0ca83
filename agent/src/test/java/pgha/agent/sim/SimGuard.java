package pgha.agent.sim;

import java.time.Duration;
import java.util.Optional;
import pgha.agent.lease.LeaseGuard;
import pgha.dcs.model.Moment;

/** The lease guard of one host: outlives the agent, and stops whatever postmaster it finds from its deadline on. */
final class SimGuard implements LeaseGuard {
    /** How often it looks once its deadline is over: a postmaster may be started by an agent that thaws. */
    private static final Duration LOOK = Duration.ofMillis(50);

    private final World world;
    private final SimNode node;
    private Optional<Moment> deadline = Optional.empty();

    SimGuard(World world, SimNode node) {
        this.world = world;
        this.node = node;
    }

    @Override
    public Optional<String> arm(Moment until) {
        deadline = Optional.of(until);
        lookAt(until);
        return Optional.empty();
    }

    @Override
    public void adopt(Moment until) {
        arm(until);
    }

    @Override
    public void feed(Moment until) {
        if (deadline.filter(old -> old.isBefore(until)).isPresent()) {
            arm(until);
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

    private void lookAt(Moment local) {
        world.at(node.clock().whenItShows(local), this::look);
    }

    private void look() {
        if (deadline.isEmpty() || node.clock().now().isBefore(deadline.get())) {
            return;
        }
        SimPostgres postgres = node.postgres();
        if (postgres.isRunning() && !postgres.writersGone() && !postgres.isDying()) {
            world.trace().say(node.text(), "guard: the deadline is over: killing the postmaster");
            postgres.kill(world.pace().millis(50, 800));
        }
        world.after(LOOK, this::look);
    }
}
