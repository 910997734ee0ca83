package pgha.agent.log;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * A log file that is renamed away when it is full: {@code NAME} to {@code NAME.1}, that to {@code NAME.2}, and so on.
 *
 * <p>Confined to one thread. Renamed and never truncated, so that collectors which follow the inode lose nothing.
 */
public final class RotatedFile implements AutoCloseable {
    private final Place place;
    private FileOutputStream out;
    private long size;

    /**
     * Where, and how much at most.
     *
     * @param maxBytes above which a file is renamed away; 0 for never
     * @param kept how many renamed files stay; 0 for never renaming
     * @param mode of each file, whatever the umask says; absent: as the umask says
     */
    public record Place(Path directory, String name, long maxBytes, int kept, Optional<FileMode> mode) {
        Path file() {
            return directory.resolve(name);
        }

        private Path renamed(int number) {
            return directory.resolve(name + "." + number);
        }

        private boolean isRotated() {
            return maxBytes > 0 && kept > 0;
        }
    }

    private RotatedFile(Place place) throws IOException {
        this.place = place;
        this.out = append(place);
        this.size = Files.size(place.file());
    }

    static RotatedFile open(Place place) throws IOException {
        return new RotatedFile(place);
    }

    Place place() {
        return place;
    }

    /** Writes whole lines into one file. */
    void write(byte[] lines) throws IOException {
        if (place.isRotated() && size > 0 && size + lines.length >= place.maxBytes()) {
            rotate();
        }
        if (!out.getChannel().isOpen()) {
            reopen();
        }
        out.write(lines);
        size += lines.length;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private void rotate() throws IOException {
        out.close();
        for (int number = place.kept() - 1; number > 0; number--) {
            moveIfThere(place.renamed(number), place.renamed(number + 1));
        }
        moveIfThere(place.file(), place.renamed(1));
        reopen();
    }

    /** Also after a rotation that failed half-way and left nothing open. */
    private void reopen() throws IOException {
        out = append(place);
        size = Files.size(place.file());
    }

    private static void moveIfThere(Path from, Path to) throws IOException {
        if (Files.exists(from)) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static FileOutputStream append(Place place) throws IOException {
        FileOutputStream opened = new FileOutputStream(place.file().toFile(), true);
        try {
            if (place.mode().isPresent()) {
                Files.setPosixFilePermissions(place.file(), place.mode().get().permissions());
            }
            return opened;
        } catch (IOException e) {
            opened.close();
            throw new IOException(
                    "cannot give %s the mode %s: %s"
                            .formatted(place.file(), place.mode().orElseThrow(), e.getMessage()),
                    e);
        }
    }
}
