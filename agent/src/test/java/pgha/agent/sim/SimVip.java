package pgha.agent.sim;

import java.time.Duration;
import pgha.agent.ha.VipState;
import pgha.dcs.model.Moment;
import pgha.vip.AddressLifetime;

/** The virtual address on one host, with the kernel that drops it when its lifetime is over, or up to 1 s later. */
final class SimVip {
    private final World world;
    private final Runnable changed;
    private boolean bound;
    private long binding;

    SimVip(World world, Runnable changed) {
        this.world = world;
        this.changed = changed;
    }

    VipState state() {
        return bound ? VipState.BOUND : VipState.NOT_BOUND;
    }

    boolean isBound() {
        return bound;
    }

    /** Binds it, or gives it a new lifetime. */
    void bind(AddressLifetime lifetime) {
        long mine = ++binding;
        boolean news = !bound;
        bound = true;
        Moment over = world.now().plus(Duration.ofSeconds(lifetime.seconds()));
        world.at(over.plus(world.pace().millis(0, AddressLifetime.KERNEL_LATENESS.toMillis())), () -> {
            if (mine == binding && bound) {
                unbind();
            }
        });
        if (news) {
            changed.run();
        }
    }

    void unbind() {
        binding++;
        if (bound) {
            bound = false;
            changed.run();
        }
    }
}
