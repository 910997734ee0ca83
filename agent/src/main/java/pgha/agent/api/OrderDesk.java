package pgha.agent.api;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import pgha.agent.ha.Action;
import pgha.agent.ha.Event;
import pgha.agent.ha.Order;
import pgha.agent.ha.OrderId;
import pgha.rest.AgentApi.CommandReply;

/**
 * Brings orders of clients to the loop, and its answers back to them.
 *
 * <p>Thread-safe. Nobody waits here: a client's future ends when the loop answers.
 */
public final class OrderDesk {
    private final Consumer<Event> events;
    private final AtomicLong last = new AtomicLong();
    private final Map<OrderId, CompletableFuture<CommandReply>> open = new ConcurrentHashMap<>();

    public OrderDesk(Consumer<Event> events) {
        this.events = events;
    }

    CompletableFuture<CommandReply> place(Order order) {
        OrderId id = new OrderId(last.incrementAndGet());
        CompletableFuture<CommandReply> reply = new CompletableFuture<>();
        open.put(id, reply);
        events.accept(new Event.Ordered(id, order));
        return reply;
    }

    /** On the loop. */
    public void answer(Action.Answer answer) {
        CommandReply reply = new CommandReply(answer.good() ? 200 : 503, answer.sentence());
        Optional.ofNullable(open.remove(answer.id())).ifPresent(client -> client.complete(reply));
    }
}
