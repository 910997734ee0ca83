package pgha.agent.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import pgha.agent.os.PidFd;
import pgha.agent.os.ProcessTable;
import pgha.agent.os.Signal;

/**
 * Says that a program of the operator's is making a data directory, or was broken off in it.
 *
 * <p>Beside the directory: such a program may remove from it what it does not know. Its processes are known by their
 * environment, which they hand on to their children.
 */
record RestoreMark(Path dataDir) {
    static final String VARIABLE = "PGHA_RESTORES";

    private static final Duration DYING = Duration.ofSeconds(10);
    private static final String THIS_PROCESS = UUID.randomUUID().toString();

    /** Of a directory, whatever links lead to it. */
    static RestoreMark of(Path dataDir) {
        try {
            return new RestoreMark(dataDir.toRealPath());
        } catch (IOException e) {
            return new RestoreMark(dataDir.toAbsolutePath());
        }
    }

    Path file() {
        return dataDir.resolveSibling("." + dataDir.getFileName() + ".being-restored");
    }

    /** What {@link #VARIABLE} is set to for a program that makes this directory. */
    String value() {
        return dataDir.toString();
    }

    /** Whether it was begun, and has not come to its end. */
    boolean isThere() {
        return Files.exists(file());
    }

    /** Whether what is in the directory is of no use, and nobody is making it any more. */
    boolean isBrokenOff() {
        try {
            return !Files.readString(file()).equals(THIS_PROCESS);
        } catch (IOException e) {
            return false;
        }
    }

    void begin() throws IOException {
        Files.writeString(file(), THIS_PROCESS);
    }

    void brokenOff() throws IOException {
        Files.writeString(file(), "broken off");
    }

    void remove() throws IOException {
        Files.deleteIfExists(file());
    }

    /** Ends what an agent that was killed has left running. */
    void endEarlier() {
        String entry = VARIABLE + "=" + value();
        for (int pid : ProcessTable.all()) {
            if (ProcessTable.environment(pid).contains(entry)) {
                PidFd.open(pid).ifPresent(process -> {
                    try (process) {
                        process.signal(Signal.KILL);
                        process.awaitExit(DYING);
                    }
                });
            }
        }
    }
}
