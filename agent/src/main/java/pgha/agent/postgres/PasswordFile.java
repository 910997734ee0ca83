package pgha.agent.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import pgha.agent.postgres.PostgresConfig.Credentials;
import pgha.dcs.model.HostPort;

/**
 * The file in which libpq looks for passwords.
 *
 * <p>Written by one task at a time. Lines about other servers and users stay as they are: the file may be the
 * operator's own.
 */
final class PasswordFile {
    private final Path file;

    PasswordFile(Path file) {
        this.file = file;
    }

    /** Makes {@code user} known to {@code server}; nothing is written if it is, or if it has no password. */
    void know(HostPort server, Credentials user) throws IOException {
        if (user.password().isEmpty()) {
            return;
        }
        String key = escaped(server.host()) + ":" + server.port() + ":*:" + escaped(user.username()) + ":";
        String line = key + escaped(user.password().get());
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        List<String> wanted = new ArrayList<>(List.of(line));
        // First match wins in this file, so ours comes first.
        lines.stream().filter(other -> !other.startsWith(key)).forEach(wanted::add);
        if (!wanted.equals(lines)) {
            Texts.replace(file, String.join("\n", wanted) + "\n", "rw-------");
        }
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace(":", "\\:");
    }
}
