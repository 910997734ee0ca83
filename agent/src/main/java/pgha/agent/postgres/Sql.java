package pgha.agent.postgres;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import pgha.agent.postgres.PostgresConfig.Credentials;
import pgha.dcs.model.HostPort;

/**
 * Opens connections: to our own server by unix socket or TCP, and to other members.
 *
 * <p>Immutable. A connection belongs to whoever opened it. All of them give up after a bounded time, so that a server
 * that is stopped or cut off cannot hold a thread of ours.
 */
final class Sql {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private final PostgresConfig config;

    Sql(PostgresConfig config) {
        this.config = config;
    }

    /** To our own server as the superuser; where it listens it says in postmaster.pid. */
    Connection toOwnServer(Duration statementTimeout) throws SQLException {
        Optional<PidFile> running = new DataDirectory(config.dataDir()).pidFile();
        int port = running.map(PidFile::port).filter(p -> p > 0).orElse(config.port());
        Optional<Path> socket = running.map(PidFile::socketDir)
                .filter(directory -> config.useUnixSocket() && !directory.isEmpty())
                .map(directory -> Path.of(directory, ".s.PGSQL." + port))
                .filter(Files::exists);
        Properties properties = properties(config.superuser(), statementTimeout);
        socket.ifPresent(path -> {
            PGProperty.SOCKET_FACTORY.set(properties, UnixSocketFactory.class.getName());
            PGProperty.SOCKET_FACTORY_ARG.set(properties, path.toString());
            PGProperty.SSL_MODE.set(properties, "disable");
        });
        return open(new HostPort(config.localHost(), port), properties);
    }

    /** To another member, to look at it before a rewind. */
    Connection toMember(HostPort member, Credentials user, Duration statementTimeout) throws SQLException {
        return open(member, properties(user, statementTimeout));
    }

    private Connection open(HostPort server, Properties properties) throws SQLException {
        Connection connection =
                new Driver().connect("jdbc:postgresql://" + server + "/" + config.database(), properties);
        if (connection == null) {
            throw new SQLException("not an address that the driver understands: " + server);
        }
        return connection;
    }

    private Properties properties(Credentials user, Duration statementTimeout) {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, user.username());
        user.password().ifPresent(password -> PGProperty.PASSWORD.set(properties, password));
        PGProperty.APPLICATION_NAME.set(properties, "pgha-agent");
        PGProperty.CONNECT_TIMEOUT.set(properties, Long.toString(CONNECT_TIMEOUT.toSeconds()));
        PGProperty.GSS_ENC_MODE.set(properties, "disable");
        PGProperty.SSL_MODE.set(properties, sslMode(user));
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "13");
        PGProperty.OPTIONS.set(
                properties,
                "-c search_path=pg_catalog -c synchronous_commit=local -c statement_timeout="
                        + statementTimeout.toMillis());
        // The server ends a slow statement; the socket's own limit is for a server that does not run at all.
        Duration silence = statementTimeout.isZero() ? Duration.ZERO : statementTimeout.plusSeconds(1);
        PGProperty.SOCKET_TIMEOUT.set(properties, Long.toString(silence.toSeconds()));
        return properties;
    }

    private static String sslMode(Credentials user) {
        return user.options().getOrDefault("sslmode", "prefer");
    }
}
