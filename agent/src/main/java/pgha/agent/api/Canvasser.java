package pgha.agent.api;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import pgha.agent.ha.Action;
import pgha.agent.ha.ActionKey;
import pgha.agent.ha.Event;
import pgha.agent.ha.PeerAnswer;
import pgha.agent.loop.ActionExecutor;
import pgha.dcs.model.MemberName;
import pgha.rest.client.PeerReply;
import pgha.rest.client.RestClient;

/** Asks peers in parallel where they are; each answer is an event as it comes. Thread-safe; never blocks. */
public final class Canvasser implements ActionExecutor.Peers {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final RestClient client;
    private final Executor threads;
    private final Consumer<Event> events;
    private final FailsafeAnswers failsafe;

    /** @param threads runs one blocking request each */
    public Canvasser(RestClient client, Executor threads, Consumer<Event> events, FailsafeAnswers failsafe) {
        this.client = client;
        this.threads = threads;
        this.events = events;
        this.failsafe = failsafe;
    }

    @Override
    public void ask(Action.Canvass order) {
        SortedMap<MemberName, String> urls = new TreeMap<>();
        order.peers().forEach(peer -> urls.put(peer.name(), peer.apiUrl()));
        AtomicInteger outstanding = new AtomicInteger(urls.size());
        if (urls.isEmpty()) {
            events.accept(new Event.Completed(ActionKey.CANVASS, Optional.empty()));
        }
        ask(urls, reply -> {
            events.accept(new Event.PeersAnswered(order.round(), java.util.List.of(answer(reply))));
            if (outstanding.decrementAndGet() == 0) {
                events.accept(new Event.Completed(ActionKey.CANVASS, Optional.empty()));
            }
        });
    }

    @Override
    public void answer(Action.AnswerFailsafe answer) {
        failsafe.answer(answer);
    }

    private void ask(Map<MemberName, String> urls, Consumer<PeerReply> listener) {
        client.canvass(urls, TIMEOUT, threads, listener);
    }

    private static PeerAnswer answer(PeerReply reply) {
        return switch (reply) {
            case PeerReply.Silent silent -> new PeerAnswer.Silent(silent.name(), silent.cause());
            case PeerReply.Said said ->
                new PeerAnswer.Spoke(
                        said.name(),
                        said.mayWrite(),
                        said.answering() ? said.position() : Optional.empty(),
                        said.complete(),
                        said.timeline(),
                        said.observedAgo(),
                        !said.tags().noFailover() && !said.watchdogFailed(),
                        said.tags().failoverPriority());
        };
    }
}
