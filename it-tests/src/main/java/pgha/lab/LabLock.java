package pgha.lab;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/** Keeps two processes from making labs of one name: the second would end the first one's hosts as leftovers. */
final class LabLock implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Path file;
    private final FileChannel channel;

    private LabLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Waits for whoever is at work with the lab; then it is held until closed or until this process ends. */
    static LabLock take(String lab, Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(channel).isEmpty()) {
                System.out.println("Waiting for another process that is at work with the lab \"" + lab + "\"");
                if (!Patience.until(LIMIT, () -> lock(channel).isPresent())) {
                    channel.close();
                    throw new LabException("cannot make the lab \"" + lab + "\": another process is at work with it;"
                            + " wait for its end, or choose another name");
                }
            }
            return new LabLock(file, channel);
        } catch (IOException e) {
            throw new LabException("cannot lock " + file + ": " + e.getMessage(), e);
        }
    }

    private static Optional<FileLock> lock(FileChannel channel) {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new LabException("cannot lock a lab: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
            channel.close();
        } catch (IOException e) {
            throw new LabException("cannot release " + file + ": " + e.getMessage(), e);
        }
    }
}
