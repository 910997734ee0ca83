package pgha.agent.address;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;
import pgha.agent.ha.Action;
import pgha.agent.ha.Event;
import pgha.agent.ha.Timing;
import pgha.agent.lease.Terms;
import pgha.dcs.model.Moment;
import pgha.vip.Vip;
import pgha.vip.VipBinder;

/**
 * The thread {@code vip}: lets {@link AddressKeeping} do what the loop orders, extend with every term, and announce.
 *
 * <p>Orders may come from any thread. Blocks in the kernel only.
 */
public final class AddressKeeper implements Runnable {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final Supplier<Moment> clock;
    private final AddressKeeping keeping;
    private final LinkedBlockingQueue<Runnable> orders = new LinkedBlockingQueue<>();

    public AddressKeeper(
            List<Vip> vips, VipBinder binder, Terms terms, Supplier<Moment> clock, Consumer<Event> events) {
        this.clock = clock;
        this.keeping =
                new AddressKeeping(vips, binder, terms, clock, events, LoggerFactory.getLogger(AddressKeeper.class));
        terms.listen(() -> orders.add(keeping::extend));
    }

    public void bind(Action.BindVip order) {
        orders.add(() -> keeping.bind(order));
    }

    /** Without a lifetime, while fencing is off. */
    public void hold() {
        orders.add(keeping::hold);
    }

    public void unbind() {
        orders.add(keeping::unbind);
    }

    /** A server was found running that is stopped at {@code fenceAt} unless the store lets it go on. */
    public void inherit(Moment fenceAt, Timing timing) {
        orders.add(() -> keeping.inherit(fenceAt, timing));
    }

    /** Something changed our addresses, or may have. */
    public void lookAgain() {
        orders.add(keeping::observe);
    }

    @Override
    public void run() {
        keeping.observe();
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Runnable order = orders.poll(untilAnnouncement().toNanos(), TimeUnit.NANOSECONDS);
                if (order != null) {
                    order.run();
                } else {
                    keeping.announceIfDue();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Duration untilAnnouncement() {
        Duration wait = keeping.announceAt().map(clock.get()::until).orElse(LONGEST_WAIT);
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }
}
