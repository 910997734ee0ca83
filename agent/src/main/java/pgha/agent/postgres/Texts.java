package pgha.agent.postgres;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Small text files, replaced as a whole or not at all, and the ends of long ones. Stateless. */
final class Texts {
    private static final int TAIL_BYTES = 256 * 1024;

    private Texts() {}

    /** Atomically and durably: a crash leaves the old contents or the new. Follows no symbolic link. */
    static void replace(Path file, String contents, String permissions) throws IOException {
        Path next = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(next);
        Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
        try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
            channel.write(java.nio.ByteBuffer.wrap(contents.getBytes(UTF_8)));
            channel.force(true);
        }
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString(permissions));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** As {@link #replace}, but an equal file is left alone; whether it was written. */
    static boolean replaceIfChanged(Path file, String contents, String permissions) throws IOException {
        if (Files.exists(file) && Files.readString(file, ISO_8859_1).equals(asBytes(contents))) {
            return false;
        }
        replace(file, contents, permissions);
        return true;
    }

    /** What was appended to a file after {@code offset}, or the end of that. */
    static String after(Path file, long offset) {
        try (FileChannel channel = FileChannel.open(file)) {
            long from = Math.max(Math.min(offset, channel.size()), channel.size() - TAIL_BYTES);
            byte[] bytes = new byte[(int) (channel.size() - from)];
            int read = channel.read(java.nio.ByteBuffer.wrap(bytes), from);
            return read <= 0 ? "" : new String(bytes, 0, read, UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    /** The last lines that are not blank, oldest first, joined for one sentence. */
    static String lastWords(String output, int lines) {
        List<String> last = new ArrayList<>();
        for (String line : output.split("[\r\n]+", -1)) {
            if (!line.isBlank()) {
                last.add(line.strip());
            }
        }
        return String.join(" | ", last.subList(Math.max(0, last.size() - lines), last.size()));
    }

    /** What an exception says of a file, without its class. */
    static String reason(IOException e) {
        if (e instanceof NoSuchFileException missing) {
            return missing.getFile() + " does not exist";
        }
        if (e instanceof FileSystemException of) {
            String why = of.getReason() == null ? of.getClass().getSimpleName() : of.getReason();
            return of.getFile() + ": " + why;
        }
        return String.valueOf(e.getMessage());
    }

    private static String asBytes(String contents) {
        return new String(contents.getBytes(UTF_8), ISO_8859_1);
    }
}
