package pgha.agent.api;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import pgha.agent.ha.NodeConfig;
import pgha.agent.lease.Ballot;
import pgha.agent.lease.LeaseKeeper;
import pgha.dcs.model.MemberName;
import pgha.rest.FailsafeRequest;
import pgha.rest.client.HttpReply;
import pgha.rest.client.RestClient;

/**
 * Asks every member over HTTP to let us go on leading without the store.
 *
 * <p>Used on the thread {@code lease-keeper}, which it blocks. The request and the one answer that counts as a yes, 200
 * with {@code Accepted}, are Patroni's; {@code ttl} in seconds is ours, and Patroni does not look at it.
 */
public final class Electorate implements LeaseKeeper.Members {
    private final RestClient client;
    private final Executor threads;
    private final NodeConfig self;

    /** @param threads runs one blocking request each */
    public Electorate(RestClient client, Executor threads, NodeConfig self) {
        this.client = client;
        this.threads = threads;
        this.self = self;
    }

    @Override
    public Optional<String> letUsLead(SortedMap<MemberName, String> urls, Duration ttl, Duration timeout) {
        String body = new FailsafeRequest(self.name(), self.connUrl(), self.apiUrl(), Optional.of(ttl)).json();
        BlockingQueue<Answer> answers = new ArrayBlockingQueue<>(Math.max(1, urls.size()));
        urls.forEach(
                (name, url) -> threads.execute(() -> answers.add(new Answer(name, ask(name, url, body, timeout)))));
        Ballot ballot = Ballot.among(urls.keySet());
        try {
            while (!ballot.isDecided()) {
                // Each ends by its own deadline; a little more, so that its reason is the one that is told.
                Answer answer = answers.poll(timeout.toMillis() + 50, TimeUnit.MILLISECONDS);
                ballot = answer == null ? ballot.closed() : ballot.heard(answer.member(), answer.refusal());
            }
            return ballot.refusal();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("the agent is stopping");
        }
    }

    private record Answer(MemberName member, Optional<String> refusal) {}

    private Optional<String> ask(MemberName name, String url, String body, Duration timeout) {
        return switch (client.post(failsafeAt(url), body, timeout)) {
            case HttpReply.NoReply none -> Optional.of(name + " is silent: " + none.cause());
            case HttpReply.Answered answered ->
                answered.code() == 200 && answered.body().equals("Accepted")
                        ? Optional.empty()
                        : Optional.of("%s refuses: %s".formatted(name, answered.body()));
        };
    }

    private static String failsafeAt(String apiUrl) {
        try {
            return URI.create(apiUrl).resolve("/failsafe").toString();
        } catch (IllegalArgumentException e) {
            return apiUrl;
        }
    }
}
