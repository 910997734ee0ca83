package pgha.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Compares a text with a file under {@code src/test/resources/golden}; {@code -Drewrite=true} writes it anew. */
public final class Golden {
    private Golden() {}

    public static void compare(String file, String actual) {
        Path path = Path.of("src/test/resources/golden", file);
        try {
            if (Boolean.getBoolean("rewrite")) {
                Files.createDirectories(path.getParent());
                Files.writeString(path, actual);
            }
            assertThat(actual).isEqualTo(Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
