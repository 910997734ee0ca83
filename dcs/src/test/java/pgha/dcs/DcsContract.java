package pgha.dcs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What the agent counts on, whatever is behind {@link Dcs}.
 *
 * <p>Run against the twin in memory, which the simulator believes, and against real etcd.
 */
public abstract class DcsContract implements LeaderContract, KeyContract, FollowContract {
    private ContractWorld world;

    /** A fresh, empty store. */
    protected abstract StoreUnderTest open();

    @Override
    public ContractWorld world() {
        return world;
    }

    @BeforeEach
    void begin() {
        StoreUnderTest store = open();
        world = new ContractWorld(store, store.connect());
    }

    @AfterEach
    void end() {
        world.dcs().close();
        world.store().close();
    }
}
