package pgha.agent.api;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import pgha.agent.ha.Action;
import pgha.agent.ha.Event;
import pgha.agent.ha.FailsafeMemory.Question;
import pgha.rest.AgentApi.CommandReply;
import pgha.rest.FailsafeRequest;

/** Takes what leaders ask in failsafe mode to the loop, and its word back to them. Thread-safe; never blocks. */
public final class FailsafeAnswers {
    private final Consumer<Event> events;
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, CompletableFuture<CommandReply>> open = new ConcurrentHashMap<>();

    public FailsafeAnswers(Consumer<Event> events) {
        this.events = events;
    }

    CompletableFuture<CommandReply> ask(FailsafeRequest request) {
        long id = ids.incrementAndGet();
        CompletableFuture<CommandReply> reply = new CompletableFuture<>();
        open.put(id, reply);
        events.accept(new Event.FailsafeAsked(
                new Question(id, request.name(), request.ttl().orElse(Duration.ZERO))));
        return reply;
    }

    void answer(Action.AnswerFailsafe answer) {
        CompletableFuture<CommandReply> reply = open.remove(answer.question().id());
        if (reply != null) {
            reply.complete(answer.refusal()
                    .map(why -> new CommandReply(500, why))
                    .orElseGet(() -> new CommandReply(200, "Accepted")));
        }
    }
}
