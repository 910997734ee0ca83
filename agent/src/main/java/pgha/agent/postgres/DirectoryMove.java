package pgha.agent.postgres;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Puts a fresh clone or cluster in the place of a data directory, whose contents are moved aside and never deleted.
 *
 * <p>Used by one task. Everything is renamed within one file system. Beside the data directory where that is possible;
 * inside it where it is a mount point or its parent is not ours, under names that pg_basebackup and pg_rewind pass over
 * because they begin like a temporary file's. Directories that symbolic links lead to, pg_wal and tablespaces, are
 * moved aside where they are, and the links go with them.
 */
final class DirectoryMove {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");

    private final Path dataDir;
    private final Path parent;
    private final String stamp;
    private final boolean inside;

    /** @param at is in the name of what is moved aside */
    DirectoryMove(Path dataDir, Instant at) throws IOException {
        this.dataDir = Files.exists(dataDir) ? dataDir.toRealPath() : dataDir.toAbsolutePath();
        this.stamp = STAMP.format(at.atZone(ZoneOffset.UTC));
        this.parent = Objects.requireNonNull(this.dataDir.getParent(), "the root directory is no data directory");
        Files.createDirectories(parent);
        this.inside = Files.exists(this.dataDir)
                && (!Files.isWritable(parent)
                        || !Files.getAttribute(parent, "unix:dev")
                                .equals(Files.getAttribute(this.dataDir, "unix:dev")));
    }

    /** Where the new contents are to be made: missing when this returns. */
    Path prepareNew() throws IOException {
        Path made = newPath();
        if (Files.exists(made, LinkOption.NOFOLLOW_LINKS)) {
            // Half of what we made before: nobody has ever used it. What it had outside is moved, not deleted.
            vacateLinksOf(made);
            delete(made);
        }
        return made;
    }

    /** Moves aside what the links in the old data directory lead to, so that the new one may use those places. */
    void vacateLinks() throws IOException {
        if (Files.exists(dataDir)) {
            vacateLinksOf(dataDir);
        }
    }

    /** Whether what is, or was, moved aside stays below the data directory, within reach of what is done to that. */
    boolean staysInside() throws IOException {
        return inside
                && list(dataDir).stream()
                        .anyMatch(entry -> !entry.getFileName().toString().equals("lost+found"));
    }

    /** Moves the contents aside, with what their links lead to; where they are now, if there were any. */
    Optional<Path> moveAside() throws IOException {
        vacateLinks();
        return moveContentsAside();
    }

    /** Moves the old contents aside and the new ones into their place; where the old contents are, if there were any. */
    Optional<Path> install() throws IOException {
        Optional<Path> aside = moveContentsAside();
        if (inside) {
            moveContents(newPath(), dataDir);
            Files.setPosixFilePermissions(dataDir, Files.getPosixFilePermissions(newPath()));
            Files.delete(newPath());
        } else {
            Files.deleteIfExists(dataDir);
            Files.move(newPath(), dataDir);
            sync(parent);
        }
        sync(dataDir);
        return aside;
    }

    private Optional<Path> moveContentsAside() throws IOException {
        RestoreMark mark = RestoreMark.of(dataDir);
        Optional<Path> aside = moveOut();
        mark.remove();
        return aside;
    }

    private Optional<Path> moveOut() throws IOException {
        if (new DataDirectory(dataDir).isEmpty()) {
            return Optional.empty();
        }
        Path aside = inside ? unused(dataDir.resolve("pgsql_tmp_moved-aside-" + stamp)) : beside(dataDir);
        if (inside) {
            Files.createDirectory(aside);
            moveContents(dataDir, aside);
            sync(dataDir);
        } else {
            Files.move(dataDir, aside);
            sync(parent);
        }
        return Optional.of(aside);
    }

    /** Where the new contents are made before they are put in place. */
    Path newPath() {
        return inside ? dataDir.resolve("pgsql_tmp_new") : dataDir.resolveSibling(dataDir.getFileName() + ".new");
    }

    private void vacateLinksOf(Path directory) throws IOException {
        vacate(directory.resolve("pg_wal"));
        Path tablespaces = directory.resolve("pg_tblspc");
        if (Files.isDirectory(tablespaces)) {
            for (Path link : list(tablespaces)) {
                vacate(link);
            }
        }
    }

    /** Renames what a link leads to, makes an empty directory in its place, and lets the link follow. */
    private void vacate(Path link) throws IOException {
        if (!Files.isSymbolicLink(link) || !Files.isDirectory(link)) {
            return;
        }
        Path target = link.toRealPath();
        Path aside = beside(target);
        Files.move(target, aside);
        Files.createDirectory(
                target, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.delete(link);
        Files.createSymbolicLink(link, aside);
    }

    private Path beside(Path place) {
        return unused(place.resolveSibling(place.getFileName() + ".moved-aside-" + stamp));
    }

    /** Two moves may be of one second. */
    private static Path unused(Path path) {
        Path free = path;
        for (int count = 2; Files.exists(free, LinkOption.NOFOLLOW_LINKS); count++) {
            free = path.resolveSibling(path.getFileName() + "-" + count);
        }
        return free;
    }

    private static void moveContents(Path from, Path to) throws IOException {
        for (Path entry : list(from)) {
            String name = entry.getFileName().toString();
            if (!DataDirectory.isOurs(name)) {
                Files.move(entry, to.resolve(name));
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @org.jspecify.annotations.Nullable IOException e)
                    throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
