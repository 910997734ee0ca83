package pgha.agent.postgres;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pgha.agent.os.ProcessTable;
import pgha.agent.os.Signal;
import pgha.dcs.model.Moment;

/**
 * Ends walsenders whose receiver does not read any more, so that a shutdown need not wait for them.
 *
 * <p>Used by one task. Before its checkpoint, a server that shuts down waits until every walsender has noticed, and one
 * that is stuck in its socket notices nothing until {@code wal_sender_timeout}. Such a one has bytes in its socket that
 * nobody takes, and a title that does not change; one that only has nothing more to send is left alone, since it is the
 * one that carries the checkpoint to the next primary.
 */
final class HungSenders {
    private static final Duration PATIENCE = Duration.ofMillis(300);
    private static final Pattern REMOTE_PORT = Pattern.compile("walsender .*\\((\\d+)\\)");

    private record Seen(String title, long waitingBytes, Moment since) {}

    private final Postmaster postmaster;
    private final Map<Integer, Seen> seen = new HashMap<>();

    HungSenders(Postmaster postmaster) {
        this.postmaster = postmaster;
    }

    /** To be called again and again: the first time only tells where they are. */
    void end(Moment now) {
        for (int pid : postmaster.processes()) {
            String title = ProcessTable.title(pid);
            long waiting = waitingBytes(pid, title);
            Seen before = seen.getOrDefault(pid, new Seen("", 0, now));
            boolean moves = !before.title().equals(title) || waiting < before.waitingBytes();
            if (waiting == 0 || moves) {
                seen.put(pid, new Seen(title, waiting, now));
            } else if (now.isAfter(before.since().plus(PATIENCE))) {
                // Again after a while: the first one may get stuck in telling its receiver goodbye.
                Signal.TERM.sendTo(pid);
                seen.put(pid, new Seen(title, waiting, now));
            }
        }
    }

    /** What it has sent and the receiver's host has not taken; zero for processes that are no walsenders on TCP. */
    private static long waitingBytes(int pid, String title) {
        Matcher matcher = REMOTE_PORT.matcher(title);
        Optional<Integer> port = matcher.find() ? Optional.of(Integer.parseInt(matcher.group(1))) : Optional.empty();
        return port.map(p -> ProcessTable.bytesUnsentTo(pid, p)).orElse(0L);
    }
}
