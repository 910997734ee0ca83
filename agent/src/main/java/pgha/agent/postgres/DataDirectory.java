package pgha.agent.postgres;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The files in PGDATA that mean something, by their meaning.
 *
 * <p>Immutable and stateless: every answer is read from the disk.
 */
record DataDirectory(Path path) {
    /** In pg_control since 8.0: system identifier, two version numbers, then the state (pg_control.h). */
    private static final int STATE_OFFSET = 16;

    /** Ours: there from initdb to the end of the bootstrap. */
    private static final String HALF_MADE = "pgha_half_made";

    /** What that says of a cluster that a program of the operator's has made, and that has never been started here. */
    private static final String UNOPENED = "made by a program, to be recovered";

    /** Ours: there while pg_rewind is at work, which removes it itself when it comes to the files that its source has not. */
    private static final String HALF_REWOUND = "pgha_half_rewound";

    /** Ours: there from when it was cloned or restored until nobody relies on what was there before. */
    private static final String FRESH_COPY = "pgha_fresh_copy";

    private static final String THIS_PROCESS = UUID.randomUUID().toString();

    private static final int SHUT_DOWN = 1;
    private static final int SHUT_DOWN_IN_RECOVERY = 2;
    private static final int SHUTTING_DOWN = 3;
    private static final int UNKNOWN = -1;

    /** Whether there is nothing in it, or it does not exist; a fresh file system's and our own leftovers are nothing. */
    boolean isEmpty() throws IOException {
        if (!Files.exists(path)) {
            return true;
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.allMatch(entry -> isOurs(entry.getFileName().toString()));
        }
    }

    /** Names at the top of a data directory that belong to no cluster; PostgreSQL's programs pass over the second. */
    static boolean isOurs(String name) {
        return name.equals("lost+found") || name.startsWith("pgsql_tmp_");
    }

    boolean holdsCluster() {
        return Files.exists(path.resolve("PG_VERSION")) && Files.exists(controlFile());
    }

    /** From PG_VERSION; zero if that cannot be read. */
    int majorVersion() {
        try {
            String version = Files.readString(path.resolve("PG_VERSION")).strip();
            return version.matches("\\d{1,3}") ? Integer.parseInt(version) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    Path controlFile() {
        return path.resolve("global/pg_control");
    }

    Optional<PidFile> pidFile() {
        try {
            return PidFile.parse(Files.readString(path.resolve("postmaster.pid"), ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether a start would begin a standby. */
    boolean hasStandbySignal() {
        return Files.exists(path.resolve("standby.signal"));
    }

    /** Whether a bootstrap was begun in it and has not come to its end. */
    boolean isHalfMade() {
        return Files.exists(path.resolve(HALF_MADE));
    }

    /** Whether a program of the operator's has made it, and its recovery is not known to be over. */
    boolean isUnopened() {
        try {
            return Files.readString(path.resolve(HALF_MADE)).equals(UNOPENED);
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isHalfRewound() {
        try {
            return !Files.readString(path.resolve(HALF_REWOUND)).equals(THIS_PROCESS);
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether something that was to make what is in it was broken off, or left alone by an agent that died. */
    boolean isBrokenOff() {
        return isHalfRewound() || RestoreMark.of(path).isBrokenOff();
    }

    /** While it is at work; {@code ours} until it is known to be broken off. */
    void markHalfRewound(boolean ours) throws IOException {
        Files.writeString(path.resolve(HALF_REWOUND), ours ? THIS_PROCESS : "broken off");
        DirectoryMove.sync(path);
    }

    void markRewound() throws IOException {
        Files.deleteIfExists(path.resolve(HALF_REWOUND));
        DirectoryMove.sync(path);
    }

    void markHalfMade() throws IOException {
        Files.writeString(path.resolve(HALF_MADE), "");
        DirectoryMove.sync(path);
    }

    /** Half made, and its recovery is to come. */
    void markUnopened() throws IOException {
        Files.writeString(path.resolve(HALF_MADE), UNOPENED);
        DirectoryMove.sync(path);
    }

    void markWhole() throws IOException {
        Files.deleteIfExists(path.resolve(HALF_MADE));
        DirectoryMove.sync(path);
    }

    /** Whether what is in it was cloned or restored, and not accepted since. */
    boolean isFreshCopy() {
        return Files.exists(path.resolve(FRESH_COPY));
    }

    /** Also where its source was one, and had the mark in it. */
    void markFreshCopy() throws IOException {
        Files.writeString(path.resolve(FRESH_COPY), "");
        DirectoryMove.sync(path);
    }

    void acceptCopy() throws IOException {
        Files.deleteIfExists(path.resolve(FRESH_COPY));
        DirectoryMove.sync(path);
    }

    /** Whether pg_control says that PostgreSQL was shut down in order. */
    boolean looksShutDown() {
        int state = stateInControlFile();
        return state == SHUT_DOWN || state == SHUT_DOWN_IN_RECOVERY;
    }

    /** Whether pg_control says that the checkpoint of a shutdown has begun or is done. */
    boolean looksShutDownOrAboutToBe() {
        return looksShutDown() || stateInControlFile() == SHUTTING_DOWN;
    }

    /** A cheap look at one number, where {@link ControlData} has to run a program: good for "not yet". */
    private int stateInControlFile() {
        try {
            byte[] control = Files.readAllBytes(controlFile());
            return control.length < STATE_OFFSET + Integer.BYTES
                    ? UNKNOWN
                    : ByteBuffer.wrap(control).order(ByteOrder.nativeOrder()).getInt(STATE_OFFSET);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    /** Files in it are for the owner, or for the group too if the directory is. */
    String filePermissions() throws IOException {
        return Files.getPosixFilePermissions(path).contains(java.nio.file.attribute.PosixFilePermission.GROUP_READ)
                ? "rw-r-----"
                : "rw-------";
    }
}
