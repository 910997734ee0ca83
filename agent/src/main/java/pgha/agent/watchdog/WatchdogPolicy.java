package pgha.agent.watchdog;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import pgha.agent.ha.Timing;

/**
 * Whether a watchdog device is used, which one, and how long it counts. Immutable.
 *
 * @param safetyMargin seconds by which it resets the host before the lease ends; -1 for half of the ttl
 */
public record WatchdogPolicy(Mode mode, Path device, int safetyMargin) {
    /** Patroni's three. */
    public enum Mode {
        OFF,
        /** If there is one. */
        AUTOMATIC,
        /** Without one this node never leads. */
        REQUIRED
    }

    boolean isOff() {
        return mode == Mode.OFF;
    }

    boolean isRequired() {
        return mode == Mode.REQUIRED;
    }

    /** In seconds, the unit of these devices. */
    int timeout(Duration ttl) {
        return Math.toIntExact(safetyMargin < 0 ? ttl.toSeconds() / 2 : ttl.toSeconds() - safetyMargin);
    }

    /** Why no countdown fits this lease: it must outlast two renewals, and leave room for the answer to one. */
    Optional<String> objection(Timing timing) {
        Duration count = Duration.ofSeconds(timeout(timing.ttl()));
        Duration renewal = timing.renewEvery().plus(timing.requestTimeout());
        if (count.compareTo(renewal) < 0) {
            return Optional.of(
                    "watchdog.safety_margin: %ds of a ttl of %ds leave a countdown of %ds, and a renewal may take %.1fs"
                            .formatted(safetyMargin, timing.ttl().toSeconds(), count.toSeconds(), seconds(renewal)));
        }
        return timing.ttl().minus(count).compareTo(timing.requestTimeout()) < 0
                ? Optional.of("watchdog.safety_margin: %ds are less than the %.1fs that an answer of the store may take"
                        .formatted(safetyMargin, seconds(timing.requestTimeout())))
                : Optional.empty();
    }

    /** Why this node must not lead, as far as can be seen without opening the device, which begins the countdown. */
    Optional<String> failure(Timing timing) {
        if (!isRequired()) {
            return Optional.empty();
        }
        return objection(timing)
                .or(() -> Files.isWritable(device)
                        ? Optional.empty()
                        : Optional.of("the watchdog %s is required and cannot be written to".formatted(device)));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
