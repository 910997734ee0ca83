package pgha.agent.sim;

import java.time.Duration;
import java.util.Optional;
import pgha.agent.ha.Event;
import pgha.agent.ha.Order;
import pgha.agent.ha.OrderId;
import pgha.dcs.DcsReply;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Revision;
import pgha.dcs.model.Role;
import pgha.dcs.model.SwitchoverRequest;

/**
 * What somebody at a terminal asks of one node, or of the cluster on its behalf.
 *
 * @param node that is named in it
 * @param details for what else there is to choose
 */
record Operator(World world, SimNode node, Prng details) {
    private static final OrderId ORDER = new OrderId(1);

    /** What is asked for at a time of day happens by then. */
    static final Duration LATEST = Duration.ofSeconds(12);

    // Of the node alone

    void restart() {
        order(restart(false));
    }

    /** Only if a setting waits for it, which is not always so. */
    void restartIfPending() {
        node.postgres().awaitRestart(details.percent(70));
        order(restart(true));
    }

    void scheduleRestart() {
        post(new Event.RestartPlanned(ORDER, soon(), restart(false)));
    }

    /** Sooner or later than the time that it is planned for. */
    void flushRestart() {
        scheduleRestart();
        world.after(seconds(1, 10), () -> post(new Event.RestartUnplanned(ORDER)));
    }

    void reinitialize() {
        order(new Order.Reinitialize(details.percent(30), details.percent(50)));
    }

    private Order.Restart restart(boolean ifPending) {
        Optional<Role> role = details.percent(20) ? Optional.of(Role.PRIMARY) : Optional.empty();
        Optional<Duration> timeout = details.percent(30) ? Optional.of(seconds(1, 5)) : Optional.empty();
        return new Order.Restart(role, Optional.empty(), ifPending, timeout);
    }

    private void order(Order order) {
        post(new Event.Ordered(ORDER, order));
    }

    private void post(Event event) {
        node.agent().ifPresent(agent -> agent.post(event));
    }

    // Of the cluster

    void switchover() {
        switchover(Optional.empty());
    }

    void scheduleSwitchover() {
        switchover(Optional.of(soon()));
    }

    private void switchover(Optional<String> at) {
        Optional<MemberName> from = world.etcd().leader().map(MemberName::new);
        Optional<MemberName> candidate = details.percent(50) ? Optional.of(node.name()) : Optional.empty();
        if (from.isEmpty() || world.etcd().isSilent() || candidate.equals(from)) {
            return;
        }
        ask(new SwitchoverRequest(from, candidate, at, Revision.ZERO));
    }

    /** In synchronous mode to somebody who has everything: an operator may order otherwise, and lose something by it. */
    void failover() {
        boolean losesNothing =
                world.etcd().view().sync().map(sync -> sync.covers(node.name())).orElse(true);
        if (losesNothing) {
            ask(new SwitchoverRequest(Optional.empty(), Optional.of(node.name()), Optional.empty(), Revision.ZERO));
        }
    }

    private void ask(SwitchoverRequest request) {
        DcsReply<Revision> written = world.etcd().store().apply(SimEtcd.TXNS.putSwitchover(request));
        world.trace().say("world", "switchover asked for: " + written);
    }

    private String soon() {
        return world.timeOfDayIn(details.between(Duration.ofSeconds(2), LATEST));
    }

    private Duration seconds(int least, int most) {
        return details.between(Duration.ofSeconds(least), Duration.ofSeconds(most));
    }
}
