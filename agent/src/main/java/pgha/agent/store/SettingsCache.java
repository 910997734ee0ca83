package pgha.agent.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last known settings document, beside the data: {@code patroni.dynamic.json}, as Patroni keeps it.
 *
 * <p>Blocks on the disk. A store that was wiped gets its settings back from here.
 */
public final class SettingsCache {
    private static final Logger log = LoggerFactory.getLogger(SettingsCache.class);
    private static final String NAME = "patroni.dynamic.json";

    private final Path dataDir;

    public SettingsCache(Path dataDir) {
        this.dataDir = dataDir;
    }

    public Optional<String> read() {
        try {
            return Optional.of(Files.readString(dataDir.resolve(NAME)).strip()).filter(text -> !text.isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** For the owner, and for the group too if the directory is: it tells rules and hosts. */
    private Set<PosixFilePermission> permissions() throws IOException {
        boolean forGroup = Files.getPosixFilePermissions(dataDir).contains(PosixFilePermission.GROUP_READ);
        return PosixFilePermissions.fromString(forGroup ? "rw-r-----" : "rw-------");
    }

    /** Only where there is a cluster: an empty directory is left for initdb or a clone. */
    public void write(String document) {
        if (!Files.exists(dataDir.resolve("PG_VERSION"))
                || read().filter(document::equals).isPresent()) {
            return;
        }
        Path next = dataDir.resolve(NAME + ".next");
        try {
            Files.deleteIfExists(next);
            Files.createFile(next, PosixFilePermissions.asFileAttribute(permissions()));
            Files.setPosixFilePermissions(next, permissions());
            Files.writeString(next, document);
            Files.move(
                    next, dataDir.resolve(NAME), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            log.warn("cannot keep a copy of the settings in {}: {}", dataDir.resolve(NAME), e.getMessage());
        }
    }
}
