package pgha.agent.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsCacheTest {
    @TempDir
    private Path directory;

    @Test
    void theCopyIsReadableToWhoeverMayReadTheData() throws IOException {
        assertThat(writtenIn("rwx------", "{\"ttl\":30}")).isEqualTo("rw-------");
        assertThat(writtenIn("rwxr-x---", "{\"ttl\":20}")).isEqualTo("rw-r-----");
    }

    private String writtenIn(String permissions, String document) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
        Files.writeString(directory.resolve("PG_VERSION"), "15");
        SettingsCache cache = new SettingsCache(directory);

        cache.write(document);

        assertThat(cache.read()).contains(document);
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("patroni.dynamic.json")));
    }
}
