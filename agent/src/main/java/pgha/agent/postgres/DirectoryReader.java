package pgha.agent.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import pgha.agent.ha.Observation.Directory;

/**
 * Tells what the data directory is, and runs pg_controldata only when its file has changed.
 *
 * <p>Confined to the observer.
 */
final class DirectoryReader {
    private static final Set<PosixFilePermission> NOBODY_ELSES = PosixFilePermissions.fromString("----w-rwx");

    private final ControlReader control;
    private @Nullable Key lastKey;
    private Directory last = new Directory.Unread();

    /** What the answer depends on: as long as it is equal, so is the answer. */
    private record Key(
            Path dataDir,
            Object controlFile,
            FileTime controlChanged,
            boolean standbySignal,
            boolean halfMade,
            boolean fresh) {}

    DirectoryReader(ControlReader control) {
        this.control = control;
    }

    /**
     * @param isRunning whether PostgreSQL runs: then pg_control changes all the time, and what it said at the start is
     *     good enough
     */
    Directory read(Programs programs, boolean isRunning) throws InterruptedException {
        DataDirectory directory = new DataDirectory(programs.config().dataDir());
        try {
            if (directory.isEmpty() || directory.isBrokenOff()) {
                lastKey = null;
                return new Directory.Absent(
                        programs.config().replicaMethods().stream().anyMatch(ReplicaMethod::needsNoLeader));
            }
            Optional<String> objection = objectionTo(directory);
            if (objection.isPresent()) {
                lastKey = null;
                return new Directory.Unusable(objection.get());
            }
            if (isRunning && last instanceof Directory.Cluster cluster && lastKey != null) {
                last = new Directory.Cluster(cluster.control(), directory.isHalfMade(), directory.isFreshCopy());
                return last;
            }
            Key key = keyOf(directory);
            if (!key.equals(lastKey)) {
                last = cluster(programs, directory);
                lastKey = last instanceof Directory.Cluster ? key : null;
            }
            return last;
        } catch (IOException e) {
            return new Directory.Unusable("cannot read the data directory: " + Texts.reason(e));
        }
    }

    /** Something has happened to it that the next look must not miss. */
    void forget() {
        lastKey = null;
    }

    private Directory cluster(Programs programs, DataDirectory directory) throws InterruptedException {
        ControlReader.Reading reading = control.read(programs, directory.path());
        if (reading.data().isEmpty()) {
            return new Directory.Unusable("cannot read pg_control: " + reading.complaint());
        }
        if (directory.majorVersion() == 0) {
            return new Directory.Unusable("cannot use " + directory.path() + ": PG_VERSION holds no version");
        }
        return new Directory.Cluster(
                reading.data()
                        .get()
                        .facts(directory.hasStandbySignal(), directory.majorVersion(), new HistoryFiles(directory)),
                directory.isHalfMade(),
                directory.isFreshCopy());
    }

    /** What PostgreSQL itself would object to, before it does. */
    private static Optional<String> objectionTo(DataDirectory directory) throws IOException {
        Path path = directory.path();
        if (!Files.isDirectory(path)) {
            return Optional.of("cannot use " + path + ": it is not a directory");
        }
        Object owner = Files.getAttribute(path, "unix:uid");
        Object us = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (!owner.equals(us)) {
            return Optional.of("cannot use %s: it belongs to %s, and we run as %s; chown it"
                    .formatted(path, Files.getOwner(path), System.getProperty("user.name")));
        }
        Set<PosixFilePermission> forOthers = Files.getPosixFilePermissions(path);
        forOthers.retainAll(NOBODY_ELSES);
        if (!forOthers.isEmpty()) {
            return Optional.of("cannot use %s: its permissions are %s; PostgreSQL wants 0700 or 0750"
                    .formatted(path, PosixFilePermissions.toString(Files.getPosixFilePermissions(path))));
        }
        return directory.holdsCluster()
                ? Optional.empty()
                : Optional.of("cannot use " + path + ": it is not empty and holds no PostgreSQL cluster");
    }

    private static Key keyOf(DataDirectory directory) throws IOException {
        Path file = directory.controlFile();
        return new Key(
                directory.path(),
                Files.getAttribute(file, "unix:ino"),
                Files.getLastModifiedTime(file),
                directory.hasStandbySignal(),
                directory.isHalfMade(),
                directory.isFreshCopy());
    }
}
