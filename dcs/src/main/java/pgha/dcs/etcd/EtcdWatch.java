package pgha.dcs.etcd;

import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.Deadline;
import io.grpc.Metadata;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import pgha.dcs.Dcs;
import pgha.dcs.Keys;
import pgha.dcs.codec.ViewAssembler;
import pgha.dcs.model.Revision;

/**
 * Follows the cluster: one read at a revision R, then a watch from R+1; begins anew when that breaks.
 *
 * <p>Runs on its own thread, until that is interrupted; the listener is called on it. The read is linearizable and the watch demands that its
 * server has a leader, so that a member cut off from its quorum does not show us the past. There is no gap between
 * the two and nothing is seen twice. A compaction only means to read again; any other end of the stream is a loss of
 * the link, reported once, and followed by quick attempts at the next endpoint.
 */
final class EtcdWatch implements Runnable {
    private static final Metadata.Key<String> REQUIRE_LEADER =
            Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

    private static final Duration DIAL_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

    private final Dialer dialer;
    private final Endpoints endpoints;
    private final AuthToken token;
    private final Keys keys;
    private final Dcs.Listener listener;
    private final ViewAssembler assembler;

    private Revision seen = Revision.ZERO;
    private boolean lossReported;
    private String told = "";
    private Duration pause = FIRST_PAUSE;

    EtcdWatch(Dialer dialer, Endpoints endpoints, AuthToken token, Keys keys, Dcs.Listener listener) {
        this.dialer = dialer;
        this.endpoints = endpoints;
        this.token = token;
        this.keys = keys;
        this.listener = listener;
        this.assembler = new ViewAssembler(keys, listener::warned);
    }

    @Override
    public void run() {
        try {
            while (true) {
                Optional<String> loss = followOnce();
                if (loss.isPresent()) {
                    report(loss.get());
                    tellTrouble();
                    Thread.sleep(pause.toMillis());
                    pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void report(String cause) {
        if (!lossReported) {
            lossReported = true;
            listener.linkLost(cause);
            told = dialer.trouble().filter(cause::contains).orElse(told);
        }
    }

    /** What DNS lacks is told also if somebody else answers, and once: it may last for days. */
    private void tellTrouble() {
        String trouble = dialer.trouble().orElse("");
        if (!trouble.isEmpty() && !trouble.equals(told)) {
            listener.warned(trouble);
        }
        told = trouble;
    }

    /** Returns why the link was lost; empty if the thing to do is simply to read again. */
    private Optional<String> followOnce() throws InterruptedException {
        try (EtcdChannel channel = dialer.dial(Deadline.after(DIAL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS))) {
            Deadline deadline = Deadline.after(READ_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            Metadata headers = token.headers(channel, deadline);
            headers.put(REQUIRE_LEADER, "true");
            Answer<RangeResponse> answer =
                    channel.call(KVGrpc.getRangeMethod(), Wire.range(keys.prefix()), headers, deadline);
            return switch (answer) {
                case Answer.Got<RangeResponse> got -> {
                    begin(got.message());
                    yield watch(channel, headers);
                }
                case Answer.Failed<RangeResponse> failed -> {
                    blame(channel, headers, failed);
                    yield Optional.of("%s: %s".formatted(channel.endpoint(), failed.cause()));
                }
            };
        } catch (Denied | Unreachable e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void blame(EtcdChannel channel, Metadata headers, Answer.Failed<?> failed) {
        if (Statuses.blamesEndpoint(failed.status())) {
            endpoints.suspect(channel.endpoint());
        } else if (Statuses.asksForNewToken(failed.status())) {
            token.forget(headers);
        }
    }

    private void begin(RangeResponse everything) {
        Revision at = new Revision(everything.getHeader().getRevision());
        if (seen.isAfter(at)) {
            listener.warned(
                    "the store went back from revision %s to %s, as after a restored snapshot; taking it as it is"
                            .formatted(seen, at));
        }
        assembler.reset(everything.getKvsList().stream().map(Wire::stored).toList(), at);
        publish(at);
        tellTrouble();
        lossReported = false;
        pause = FIRST_PAUSE;
    }

    private void publish(Revision at) {
        seen = at;
        listener.viewChanged(assembler.view(at));
    }

    private Optional<String> watch(EtcdChannel channel, Metadata headers) throws InterruptedException {
        try (WatchStream stream = new WatchStream(channel, headers, keys.prefix(), new Revision(seen.number() + 1))) {
            while (true) {
                Optional<WatchStream.Heard> heard = stream.next();
                if (heard.isEmpty()) {
                    continue;
                }
                switch (heard.get()) {
                    case WatchStream.Heard.Ended ended -> {
                        endpoints.suspect(channel.endpoint());
                        return Optional.of("%s: %s".formatted(channel.endpoint(), ended.cause()));
                    }
                    case WatchStream.Heard.Said said -> {
                        if (said.response().getCanceled()) {
                            return cancelled(channel, headers, said.response());
                        }
                        apply(said.response());
                    }
                }
            }
        }
    }

    /** Events of one response make one view: a revision is never split between two. */
    private void apply(WatchResponse response) {
        for (Event event : response.getEventsList()) {
            if (event.getType() == Event.EventType.DELETE) {
                assembler.delete(
                        event.getKv().getKey().toStringUtf8(),
                        new Revision(event.getKv().getModRevision()));
            } else {
                assembler.put(Wire.stored(event.getKv()));
            }
        }
        if (response.getEventsCount() > 0) {
            publish(new Revision(
                    response.getEvents(response.getEventsCount() - 1).getKv().getModRevision()));
        }
    }

    private Optional<String> cancelled(EtcdChannel channel, Metadata headers, WatchResponse response) {
        if (response.getCompactRevision() > 0) {
            return Optional.empty();
        }
        // A watch is not told why its token was turned down: the next attempt brings a fresh one.
        token.forget(headers);
        return Optional.of("%s: %s".formatted(channel.endpoint(), response.getCancelReason()));
    }
}
