package pgha.agent.setup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a running PostgreSQL says of itself, as far as a configuration is made of it.
 *
 * <p>Immutable once read. Files are read beside it, so it has to be on this host for what they hold; what cannot be read is
 * left out.
 *
 * @param settings what somebody has set in its files, on its command line or in its environment, and where its files are
 * @param binDirectory of the program that runs
 */
record RunningServer(
        Dsn reachedBy,
        SortedMap<String, String> settings,
        Optional<Path> binDirectory,
        List<String> pgHba,
        List<String> pgIdent) {
    /** What Patroni takes: set by somebody, and no target of a recovery. */
    private static final String SETTINGS = """
            SELECT name, pg_catalog.current_setting(name) FROM pg_catalog.pg_settings
             WHERE name IN ('data_directory', 'config_file', 'hba_file', 'ident_file', 'listen_addresses', 'port', 'cluster_name')
                OR (context <> 'internal' AND source IN ('configuration file', 'command line', 'environment variable')
                    AND category <> 'Write-Ahead Log / Recovery Target' AND setting <> '(disabled)')""";

    private static final String SUPERUSER = "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = SESSION_USER";

    RunningServer {
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
        pgHba = List.copyOf(pgHba);
        pgIdent = List.copyOf(pgIdent);
    }

    /** @throws IOException with a sentence, if it does not answer, or not to a superuser */
    static RunningServer ask(Dsn dsn) throws IOException {
        SortedMap<String, String> settings = new TreeMap<>();
        try (Connection connection = DriverManager.getConnection(dsn.jdbcUrl(), dsn.properties());
                Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery(SUPERUSER)) {
                if (!row.next() || !row.getBoolean(1)) {
                    throw new IOException(
                            "cannot read the server's settings: %s is no superuser".formatted(dsn.user()));
                }
            }
            try (ResultSet rows = statement.executeQuery(SETTINGS)) {
                while (rows.next()) {
                    settings.put(rows.getString(1), rows.getString(2));
                }
            }
        } catch (SQLException e) {
            throw new IOException("cannot ask the server at %s: %s; say --dsn".formatted(dsn, e.getMessage()), e);
        }
        return new RunningServer(
                dsn,
                settings,
                binDirectory(settings),
                rules(settings, "hba_file", "pg_hba.conf"),
                rules(settings, "ident_file", "pg_ident.conf"));
    }

    private static Optional<Path> binDirectory(SortedMap<String, String> settings) {
        try {
            Path pidFile = Path.of(settings.getOrDefault("data_directory", "/")).resolve("postmaster.pid");
            String pid = Files.readAllLines(pidFile).getFirst().strip();
            return Optional.ofNullable(Path.of("/proc", pid, "exe").toRealPath().getParent());
        } catch (IOException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /** The lines that say something, if the file is where the agent would write it. */
    private static List<String> rules(SortedMap<String, String> settings, String setting, String name) {
        Path file = Path.of(settings.getOrDefault(setting, "/"));
        Path expected = configDirectory(settings).resolve(name);
        if (!file.equals(expected)) {
            return List.of();
        }
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Path configDirectory(SortedMap<String, String> settings) {
        Path file = Path.of(settings.getOrDefault("config_file", "/postgresql.conf"));
        return Optional.ofNullable(file.getParent()).orElse(Path.of("/"));
    }

    Path configDirectory() {
        return configDirectory(settings);
    }

    /** What the main file is called, without its ending. */
    String configBaseName() {
        String file = settings.getOrDefault("config_file", "/postgresql.conf");
        return file.substring(file.lastIndexOf('/') + 1).replaceFirst("\\.conf$", "");
    }

    String setting(String name, String otherwise) {
        return settings.getOrDefault(name, otherwise);
    }
}
