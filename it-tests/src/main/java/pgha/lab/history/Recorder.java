package pgha.lab.history;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import pgha.lab.history.Append.Ack;
import pgha.lab.workload.VipSampler.Holding;

/** Takes down what all clients see, and gives out the values. Thread-safe. */
final class Recorder {
    private final AtomicInteger values = new AtomicInteger();
    private final Collection<Append> appends = new ConcurrentLinkedQueue<>();
    private final Collection<Read> reads = new ConcurrentLinkedQueue<>();

    int nextValue() {
        return values.incrementAndGet();
    }

    void add(Append append) {
        appends.add(append);
    }

    void add(Read read) {
        reads.add(read);
    }

    History history(List<Holding> vip) {
        return new History(List.copyOf(appends), List.copyOf(reads), vip);
    }

    /** The first append through the VIP that was both begun and acknowledged after {@code moment}. */
    Optional<Ack> firstViaVipAfter(long moment) {
        return appends.stream()
                .flatMap(Append::acknowledged)
                .filter(ack -> ack.call().isViaVip() && ack.call().startedAt() - moment > 0)
                .findFirst();
    }

    /** How many clients of the VIP have been acknowledged. */
    long clientsAcknowledged() {
        return appends.stream()
                .flatMap(Append::acknowledged)
                .filter(ack -> ack.call().isViaVip())
                .map(ack -> ack.call().client())
                .distinct()
                .count();
    }
}
