package pgha.agent.ha;

import java.time.Duration;
import java.util.Optional;
import pgha.dcs.model.Moment;

/**
 * An order that is being carried out.
 *
 * <p>Immutable.
 *
 * @param begun whether PostgreSQL has been touched for it
 * @param wasPrimary whether the server could write when the order came
 */
public record Errand(OrderId id, Order order, Moment since, boolean begun, boolean wasPrimary) {
    Errand begunNow() {
        return new Errand(id, order, since, true, wasPrimary);
    }

    Errand notBegun() {
        return new Errand(id, order, since, false, wasPrimary);
    }

    boolean isRestart() {
        return order instanceof Order.Restart;
    }

    Optional<Order.Reinitialize> reinitialize() {
        return order instanceof Order.Reinitialize reinitialize ? Optional.of(reinitialize) : Optional.empty();
    }

    /** Until when the client waits for a restart. */
    Moment until(Duration usual) {
        return order instanceof Order.Restart restart
                ? since.plus(restart.timeout().orElse(usual))
                : Moment.NEVER;
    }
}
