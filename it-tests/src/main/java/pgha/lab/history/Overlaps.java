package pgha.lab.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import pgha.lab.history.Append.Ack;
import pgha.lab.history.Overlap.Answer;
import pgha.lab.history.Overlap.Path;

/** Finds nodes that served on after another acknowledged on a later timeline. Pure. */
final class Overlaps {
    private final Map<Integer, Ack> firstOfTimeline = new HashMap<>();
    private final Map<String, Overlap> ofPair = new LinkedHashMap<>();

    private Overlaps() {}

    /** What every pair of servers overlapped, for appends and reads, through the VIP and directly. */
    static List<Overlap> of(List<Ack> acknowledged, List<Read> reads) {
        Overlaps overlaps = new Overlaps();
        acknowledged.forEach(ack -> overlaps.firstOfTimeline.merge(
                ack.by().timeline(),
                ack,
                (one, other) -> other.call().endedAt() - one.call().endedAt() < 0 ? other : one));
        acknowledged.forEach(ack -> overlaps.compare(ack.call(), ack.by(), Answer.APPEND));
        reads.forEach(read -> overlaps.compare(read.call(), read.by(), Answer.READ));
        return new ArrayList<>(overlaps.ofPair.values());
    }

    private void compare(Call call, Server by, Answer answer) {
        for (Ack first : firstOfTimeline.values()) {
            if (first.by().timeline() > by.timeline() && call.beganAfter(first.call())) {
                Path path = call.isViaVip() ? Path.VIP : Path.DIRECT;
                Duration until = Duration.ofNanos(call.endedAt() - first.call().endedAt());
                Overlap overlap = new Overlap(by, first.by(), answer, path, until, call.endedAt(), call.endedAt());
                ofPair.merge(by + ">" + first.by() + answer + path, overlap, Overlap::and);
            }
        }
    }
}
