package pgha.lab.history;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import pgha.lab.history.Append.Ack;
import pgha.lab.workload.VipSampler.Holding;

/** Everything that clients and kernels saw during one run; appends and reads in the order of their ends. */
public record History(List<Append> appends, List<Read> reads, List<Holding> vip) {
    public History {
        appends = appends.stream()
                .sorted(Comparator.comparingLong(append -> append.call().endedAt()))
                .toList();
        reads = reads.stream()
                .sorted(Comparator.comparingLong(read -> read.call().endedAt()))
                .toList();
        vip = List.copyOf(vip);
    }

    /** The appends that a server promised to keep. */
    public List<Ack> acknowledged() {
        return appends.stream().flatMap(Append::acknowledged).toList();
    }

    /** The longest time without an acknowledgement through the VIP, from {@code moment} to the last one. */
    public Duration longestSilenceAfter(long moment) {
        long previous = moment;
        long longest = 0;
        for (Append append : appends) {
            long endedAt = append.call().endedAt();
            if (append.call().isViaVip() && append.acknowledged().findAny().isPresent() && endedAt - previous > 0) {
                longest = Math.max(longest, endedAt - previous);
                previous = endedAt;
            }
        }
        return Duration.ofNanos(longest);
    }

    List<String> lists() {
        return Stream.concat(appends.stream().map(Append::call), reads.stream().map(Read::call))
                .map(Call::list)
                .distinct()
                .sorted()
                .toList();
    }
}
