package pgha.dcs.etcd;

import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchProgressRequest;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import pgha.dcs.model.Revision;

/**
 * One watch on one channel, which is known to be alive.
 *
 * <p>Confined to the thread that opened it; answers arrive through a queue. An idle watch says nothing for hours, alive
 * or dead, and gRPC's own pings come too seldom (10 s at least, and etcd objects to more); so after a second of silence
 * we ask for a progress report, and after another second without any answer the stream counts as dead.
 */
final class WatchStream implements AutoCloseable {
    /** Silence is counted in slices: a stop of this process (a pause of the VM, SIGSTOP) costs one slice, however long. */
    private static final Duration SLICE = Duration.ofMillis(500);

    private static final int SLICES_UNTIL_ASKING = 2;
    private static final int SLICES_UNTIL_DEAD = 4;

    /** What came of waiting. */
    sealed interface Heard {
        record Said(WatchResponse response) implements Heard {}

        record Ended(String cause) implements Heard {}
    }

    private final BlockingQueue<Heard> inbox = new LinkedBlockingQueue<>();
    private final ClientCall<WatchRequest, WatchResponse> call;
    private int silentSlices;

    /** Watches all keys that begin with {@code prefix}, from {@code from} on. */
    WatchStream(EtcdChannel channel, Metadata headers, String prefix, Revision from) {
        call = channel.stream(WatchGrpc.getWatchMethod(), headers, new Listener());
        call.request(1);
        call.sendMessage(WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder()
                        .setKey(Wire.bytes(prefix))
                        .setRangeEnd(Wire.endOfPrefix(prefix))
                        .setStartRevision(from.number()))
                .build());
    }

    /** Waits for the next response or the end of the stream; empty now and then, to look whether to go on. */
    Optional<Heard> next() throws InterruptedException {
        @Nullable Heard heard = inbox.poll(SLICE.toMillis(), TimeUnit.MILLISECONDS);
        if (heard != null) {
            silentSlices = 0;
            if (heard instanceof Heard.Said) {
                call.request(1);
            }
            return Optional.of(heard);
        }
        silentSlices++;
        if (silentSlices >= SLICES_UNTIL_DEAD) {
            return Optional.of(new Heard.Ended("no sign of life for "
                    + SLICE.multipliedBy(SLICES_UNTIL_DEAD).toSeconds() + "s"));
        }
        if (silentSlices == SLICES_UNTIL_ASKING) {
            call.sendMessage(WatchRequest.newBuilder()
                    .setProgressRequest(WatchProgressRequest.getDefaultInstance())
                    .build());
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        call.cancel("nobody follows any more", null);
    }

    private final class Listener extends ClientCall.Listener<WatchResponse> {
        @Override
        public void onMessage(WatchResponse response) {
            inbox.add(new Heard.Said(response));
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            inbox.add(new Heard.Ended(Statuses.describe(status)));
        }
    }
}
