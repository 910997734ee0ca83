package pgha.lab.soak;

import java.time.Duration;

/**
 * A strike as it was: on which node, and when. All moments are {@link System#nanoTime}.
 *
 * @param node whom it hit; of a fault of etcd, whom it would have hit
 * @param endingAt when it was about to be ended
 * @param endedAt when nothing was left of it but what time alone mends
 */
record Hit(Strike strike, String node, long beganAt, long endingAt, long endedAt) {
    Fault fault() {
        return strike.fault();
    }

    boolean isOn(String host) {
        return node.equals(host);
    }

    /** From its first moment until {@code after} its last. */
    Span lasting(Duration after) {
        return new Span(beganAt, endedAt).and(after);
    }

    /** Its first moment and {@code after} that: of a signal that is over at once, whatever the strike's length. */
    Span atOnce(Duration after) {
        return new Span(beganAt, beganAt).and(after);
    }

    Duration length() {
        return Duration.ofNanos(endedAt - beganAt);
    }
}
