package pgha.agent.api;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import pgha.agent.ha.Action;
import pgha.agent.ha.Event;
import pgha.agent.ha.Order;
import pgha.agent.ha.OrderId;
import pgha.rest.AgentApi.CommandReply;

/**
 * Brings orders of clients to the loop, and its answers back to them.
 *
 * <p>Thread-safe. Nobody waits here: a client's future ends when the loop answers. What becomes of an order that was
 * scheduled is for the log, since its client has been answered long ago.
 */
public final class OrderDesk {
    private static final Logger log = LoggerFactory.getLogger(OrderDesk.class);

    private final Consumer<Event> events;
    private final AtomicLong last = new AtomicLong();
    private final Map<OrderId, Open> open = new ConcurrentHashMap<>();

    public OrderDesk(Consumer<Event> events) {
        this.events = events;
    }

    /** What a client waits for, and the codes of HTTP for a yes and for a no. */
    private record Open(CompletableFuture<CommandReply> reply, int good, int bad) {}

    CompletableFuture<CommandReply> place(Order order) {
        return place(id -> new Event.Ordered(id, order), 200, 503);
    }

    /** @param order how it comes to the loop under its id */
    CompletableFuture<CommandReply> place(Function<OrderId, Event> order, int good, int bad) {
        OrderId id = new OrderId(last.incrementAndGet());
        CompletableFuture<CommandReply> reply = new CompletableFuture<>();
        open.put(id, new Open(reply, good, bad));
        events.accept(order.apply(id));
        return reply;
    }

    /** On the loop. */
    public void answer(Action.Answer answer) {
        if (answer.id().equals(OrderId.SCHEDULED)) {
            log.atLevel(answer.good() ? Level.INFO : Level.WARN).log("scheduled restart: {}", answer.sentence());
        }
        Optional.ofNullable(open.remove(answer.id())).ifPresent(client -> client.reply()
                .complete(new CommandReply(answer.good() ? client.good() : client.bad(), answer.sentence())));
    }
}
