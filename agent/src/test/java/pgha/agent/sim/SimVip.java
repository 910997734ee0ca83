package pgha.agent.sim;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import pgha.agent.ha.VipState;
import pgha.dcs.model.Moment;
import pgha.vip.AddressLifetime;
import pgha.vip.Binding;
import pgha.vip.Vip;
import pgha.vip.VipBinder;
import pgha.vip.VipReply;
import pgha.vip.VipReply.Done;
import pgha.vip.VipView;

/** The virtual address on one host, with the kernel that drops it when its lifetime is over, or a little later. */
final class SimVip implements VipBinder {
    private static final String INTERFACE = "eth0";
    /** Later than by this, a host did not run when it was time. */
    private static final Duration OVERSLEPT = Duration.ofMillis(1);

    private final World world;
    private final SimNode node;
    private final Runnable changed;
    private boolean bound;
    private long binding;
    private Optional<Moment> until = Optional.empty();

    SimVip(World world, SimNode node, Runnable changed) {
        this.world = world;
        this.node = node;
        this.changed = changed;
    }

    VipState state() {
        return bound ? VipState.BOUND : VipState.NOT_BOUND;
    }

    boolean isBound() {
        return bound;
    }

    /** Whether the host answers for it. */
    boolean isServed() {
        return bound && !node.isFrozen();
    }

    @Override
    public VipReply<Binding> bind(Vip vip, AddressLifetime lifetime, BooleanSupplier stillAllowed) {
        if (!stillAllowed.getAsBoolean()) {
            return new VipReply.Withdrawn<>();
        }
        keepFor(lifetime);
        return new Done<>(new Binding(INTERFACE, lifetime, List.of()));
    }

    @Override
    public VipReply<Binding> extend(Vip vip, AddressLifetime lifetime, BooleanSupplier stillAllowed) {
        return bound ? bind(vip, lifetime, stillAllowed) : new VipReply.Failed<>("it is not bound");
    }

    private void keepFor(AddressLifetime lifetime) {
        long mine = ++binding;
        boolean news = !bound;
        bound = true;
        until = Optional.of(node.clock().now().plus(Duration.ofSeconds(lifetime.seconds())))
                .filter(end -> !lifetime.isForever());
        until.ifPresent(end -> expire(mine, end, world.pace().millis(0, AddressLifetime.KERNEL_LATENESS.toMillis())));
        if (news) {
            changed.run();
        }
    }

    private void expire(long mine, Moment end, Duration late) {
        Moment over = end.plus(late);
        world.at(
                node.clock().whenItShows(over),
                () -> node.run(() -> {
                    if (mine != binding) {
                        return;
                    }
                    Moment now = node.clock().now();
                    if (now.isBefore(over)) {
                        expire(mine, end, late);
                    } else if (now.isAfter(over.plus(OVERSLEPT))) {
                        // As late as ever, counted from when the host runs again; programs may run before.
                        expire(mine, now, late);
                    } else {
                        remove();
                    }
                }));
    }

    void remove() {
        binding++;
        if (bound) {
            bound = false;
            changed.run();
        }
    }

    @Override
    public VipReply<List<String>> unbind(Vip vip) {
        boolean was = bound;
        remove();
        return new Done<>(was ? List.of(vip + " on " + INTERFACE) : List.of());
    }

    @Override
    public VipView observe(Vip vip) {
        Optional<Duration> remaining = until.map(node.clock().now()::until);
        return bound ? new VipView.Bound(INTERFACE, 32, remaining, true, 0) : new VipView.NotBound();
    }

    @Override
    public VipReply<String> placeFor(Vip vip) {
        return new Done<>(INTERFACE);
    }

    @Override
    public VipReply<Integer> announce(Vip vip) {
        if (!bound) {
            return new VipReply.Failed<>("it is not bound");
        }
        world.lan().announced(node);
        return new Done<>(1);
    }

    @Override
    public VipReply<Integer> resetConnections(Vip vip) {
        return new Done<>(0);
    }
}
