package pgha.agent.lease;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import pgha.dcs.model.Moment;

/**
 * What the lease guard last wrote about itself.
 *
 * <p>Immutable.
 *
 * @param sequence of the last line it has taken
 * @param deadline empty if it is disarmed
 * @param now its own time when it wrote this
 */
record GuardState(long sequence, Optional<Moment> deadline, Moment now, int pid) {
    private static final long NANOS_IN_HUNDREDTH = 10_000_000L;
    private static final int LOOKS = 10;
    private static final long BETWEEN_LOOKS_NANOS = 100_000;
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    /** Empty if there is none, if it is being written, or if it is of another boot. */
    static Optional<GuardState> read(Path file) {
        try {
            String[] words = words(file);
            if (words.length != 5 || !words[4].equals(Files.readString(BOOT_ID).strip())) {
                return Optional.empty();
            }
            long deadline = Long.parseLong(words[1]);
            return Optional.of(new GuardState(
                    Long.parseLong(words[0]),
                    deadline == 0 ? Optional.empty() : Optional.of(moment(deadline)),
                    moment(Long.parseLong(words[2])),
                    Integer.parseInt(words[3])));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** A look that falls between its emptying the file and writing it anew is repeated. */
    private static String[] words(Path file) throws IOException {
        String text = Files.readString(file);
        for (int looks = 1; looks < LOOKS && !text.endsWith("\n"); looks++) {
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
            text = Files.readString(file);
        }
        return text.strip().split(" ", -1);
    }

    /** On the guard's scale, rounded towards the past; never its word for disarmed. */
    static long hundredths(Moment moment) {
        return Math.max(1, moment.nanos() / NANOS_IN_HUNDREDTH);
    }

    private static Moment moment(long hundredths) {
        return new Moment(hundredths * NANOS_IN_HUNDREDTH);
    }
}
