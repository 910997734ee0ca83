package pgha.dcs.etcd;

import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One connection to one endpoint, made once: when it breaks, it stays broken.
 *
 * <p>Thread-safe. gRPC would reconnect by itself, with pauses of up to two minutes and with certificates read long ago;
 * so a channel serves for the life of its first connection, and whoever needs another opens another.
 */
final class EtcdChannel implements AutoCloseable {
    private final Endpoint endpoint;
    private final ManagedChannel channel;
    private final CompletableFuture<Optional<String>> opened = new CompletableFuture<>();

    EtcdChannel(Endpoint endpoint, ManagedChannel channel) {
        this.endpoint = endpoint;
        this.channel = channel;
        followState();
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** Completes when the server has answered, empty, or when it is known why it will not, with that cause. */
    CompletableFuture<Optional<String>> opened() {
        return opened;
    }

    boolean isUsable() {
        return channel.getState(false) == ConnectivityState.READY;
    }

    /**
     * One request, one answer; for streams too, of which the first answer counts. Sends once and never again, and gives
     * up at the deadline.
     */
    <Q, R> Answer<R> call(MethodDescriptor<Q, R> method, Q request, Metadata headers, Deadline deadline)
            throws InterruptedException {
        ClientCall<Q, R> call = channel.newCall(method, CallOptions.DEFAULT.withDeadline(deadline));
        CompletableFuture<Answer<R>> answer = new CompletableFuture<>();
        start(call, request, headers, answer);
        try {
            return answer.get(Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS)), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            call.cancel("the deadline is over", null);
            return new Answer.Failed<>(Status.DEADLINE_EXCEEDED.withDescription("no answer in time"));
        } catch (InterruptedException e) {
            call.cancel("the caller was interrupted", null);
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException("an answer that nobody fails", e);
        }
    }

    /** Starts a stream, without a deadline. */
    <Q, R> ClientCall<Q, R> stream(MethodDescriptor<Q, R> method, Metadata headers, ClientCall.Listener<R> listener) {
        ClientCall<Q, R> call = channel.newCall(method, CallOptions.DEFAULT);
        call.start(listener, copy(headers));
        return call;
    }

    /** gRPC writes into the headers of a call, its deadline among other things. */
    private static Metadata copy(Metadata headers) {
        Metadata copy = new Metadata();
        copy.merge(headers);
        return copy;
    }

    /** Drops the connection with all that was not yet delivered on it. */
    @Override
    public void close() {
        opened.complete(Optional.of("closed"));
        channel.shutdownNow();
    }

    private void followState() {
        ConnectivityState state = channel.getState(true);
        switch (state) {
            case READY -> opened.complete(Optional.empty());
            case TRANSIENT_FAILURE -> askForCause();
            case SHUTDOWN -> opened.complete(Optional.of("closed"));
            case IDLE, CONNECTING -> channel.notifyWhenStateChanged(state, this::followState);
        }
    }

    /** gRPC tells the cause only to a call; this one asks for nothing. */
    private void askForCause() {
        CompletableFuture<Answer<StatusResponse>> answer = new CompletableFuture<>();
        start(
                channel.newCall(MaintenanceGrpc.getStatusMethod(), CallOptions.DEFAULT),
                StatusRequest.getDefaultInstance(),
                new Metadata(),
                answer);
        var unused = answer.thenAccept(a -> opened.complete(
                a instanceof Answer.Failed<StatusResponse> failed ? Optional.of(failed.cause()) : Optional.empty()));
    }

    private static <Q, R> void start(
            ClientCall<Q, R> call, Q request, Metadata headers, CompletableFuture<Answer<R>> answer) {
        call.start(new FirstAnswer<>(answer), copy(headers));
        call.request(2);
        call.sendMessage(request);
        call.halfClose();
    }

    private static final class FirstAnswer<R> extends ClientCall.Listener<R> {
        private final CompletableFuture<Answer<R>> answer;

        FirstAnswer(CompletableFuture<Answer<R>> answer) {
            this.answer = answer;
        }

        @Override
        public void onMessage(R message) {
            answer.complete(new Answer.Got<>(message));
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            answer.complete(new Answer.Failed<>(status));
        }
    }
}
