package pgha.lab.history;

import java.util.stream.Stream;
import pgha.lab.history.Outcome.Acknowledged;

/** One attempt to put a value, which nobody else ever appends, at the end of a list. */
public record Append(Call call, int value, Outcome outcome) {
    /** The same append, if it was acknowledged. */
    Stream<Ack> acknowledged() {
        return outcome instanceof Acknowledged ack
                ? Stream.of(new Ack(call, value, ack.by(), ack.lsn()))
                : Stream.empty();
    }

    /** An append that a server promised to keep. */
    public record Ack(Call call, int value, Server by, long lsn) {
        @Override
        public String toString() {
            return value + " in " + call.list() + ", acknowledged by " + by + " to " + call.client();
        }
    }
}
