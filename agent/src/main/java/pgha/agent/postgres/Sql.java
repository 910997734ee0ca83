package pgha.agent.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import pgha.agent.postgres.PostgresConfig.Credentials;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.Timeline;

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
        return toOwnServer(properties(config.superuser(), statementTimeout), config.useUnixSocket());
    }

    /** The same by its first unix socket, whatever the configuration prefers. */
    Connection toOwnSocket(Duration statementTimeout) throws SQLException {
        return toOwnServer(properties(config.superuser(), statementTimeout), true);
    }

    /** As those connect who do not choose how their commits wait: for questions only. */
    Connection toObserve(Duration statementTimeout) throws SQLException {
        Properties properties = properties(config.superuser(), statementTimeout);
        properties.setProperty(
                "options", properties.getProperty("options").replace("-c synchronous_commit=local ", ""));
        return toOwnServer(properties, config.useUnixSocket());
    }

    /** IDENTIFY_SYSTEM of the replication protocol; empty where nobody lets us ask. */
    Optional<Timeline> timelineOfOwnServer(Duration statementTimeout) {
        Properties properties = properties(config.superuser(), statementTimeout);
        properties.setProperty("replication", "database");
        properties.remove("options");
        try (Connection connection = toOwnServer(properties, config.useUnixSocket());
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("IDENTIFY_SYSTEM")) {
            return answer.next() ? Optional.of(new Timeline(answer.getInt("timeline"))) : Optional.empty();
        } catch (SQLException e) {
            return Optional.empty();
        }
    }

    /** To our own server as the superuser, in that database. */
    Connection toOwnDatabase(String database, Duration statementTimeout) throws SQLException {
        return toOwnServer(database, properties(config.superuser(), statementTimeout), config.useUnixSocket());
    }

    private Connection toOwnServer(Properties properties, boolean bySocket) throws SQLException {
        return toOwnServer(config.database(), properties, bySocket);
    }

    private Connection toOwnServer(String database, Properties properties, boolean bySocket) throws SQLException {
        Optional<PidFile> running = new DataDirectory(config.dataDir()).pidFile();
        int port = running.map(PidFile::port).filter(p -> p > 0).orElse(config.port());
        Optional<Path> socket = running.map(PidFile::socketDir)
                .filter(directory -> bySocket && !directory.isEmpty())
                .map(directory -> Path.of(directory, ".s.PGSQL." + port))
                .filter(Files::exists);
        socket.ifPresent(path -> {
            properties.setProperty("socketFactory", UnixSocketFactory.class.getName());
            properties.setProperty("socketFactoryArg", path.toString());
            properties.setProperty("sslmode", "disable");
        });
        return open(new HostPort(config.localHost(), port), database, properties);
    }

    /** To another member, to look at it before a rewind. */
    Connection toMember(HostPort member, Credentials user, Duration statementTimeout) throws SQLException {
        return open(member, config.database(), properties(user, statementTimeout));
    }

    private static Connection open(HostPort server, String database, Properties properties) throws SQLException {
        String url = "jdbc:postgresql://%s/%s".formatted(server, URLEncoder.encode(database, UTF_8));
        return DriverManager.getConnection(url, properties);
    }

    Properties properties(Credentials user, Duration statementTimeout) {
        Properties properties = new Properties();
        properties.setProperty("user", user.username());
        user.password().ifPresent(password -> properties.setProperty("password", password));
        properties.setProperty("ApplicationName", "pgha-agent");
        properties.setProperty("connectTimeout", Long.toString(CONNECT_TIMEOUT.toSeconds()));
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("sslmode", "prefer");
        // The keywords of libpq that the driver knows by the same names.
        for (String keyword : List.of("sslmode", "sslcert", "sslkey", "sslrootcert", "sslpassword")) {
            Optional.ofNullable(user.options().get(keyword)).ifPresent(value -> properties.setProperty(keyword, value));
        }
        // As libpq does, with the tickets that the system has: the driver would ask JAAS for a login otherwise.
        properties.setProperty("jaasLogin", "false");
        properties.setProperty("gssUseDefaultCreds", "true");
        config.kerberosServiceName().ifPresent(name -> properties.setProperty("kerberosServerName", name));
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "13");
        properties.setProperty(
                "options",
                "-c search_path=pg_catalog -c synchronous_commit=local -c statement_timeout="
                        + statementTimeout.toMillis());
        // The server ends a slow statement; the socket's own limit is for a server that does not run at all.
        Duration silence = statementTimeout.isZero() ? Duration.ZERO : statementTimeout.plusSeconds(1);
        properties.setProperty("socketTimeout", Long.toString(silence.toSeconds()));
        return properties;
    }

    /** PostgreSQL's own sentence, or the driver's with what caused it, in one line and without a class. */
    static String reason(SQLException e) {
        String text = String.valueOf(e.getMessage());
        Throwable cause = e.getCause();
        String why = cause == null || cause.getMessage() == null || text.contains(cause.getMessage())
                ? ""
                : ": " + cause.getMessage();
        return (text + why).replaceAll("\\s+", " ").strip();
    }
}
