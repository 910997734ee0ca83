package pgha.agent.config;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import pgha.dcs.model.HostPort;

/**
 * This node's PostgreSQL, as its file has it. Immutable.
 *
 * @param listenAddresses for the parameter {@code listen_addresses}
 * @param connectAddress what others are told
 * @param proxyAddress what others are told of a proxy before it
 * @param configDirectory where postgresql.conf, pg_hba.conf and pg_ident.conf live
 * @param configBaseName what postgresql.conf is called there, without its ending
 * @param binDirectory absent: programs are found on the path
 * @param passFile absent: a file of the agent's own choice
 * @param server what the settings of the cluster could say, too
 */
public record PostgresConfig(
        List<String> listenAddresses,
        int port,
        HostPort connectAddress,
        Optional<HostPort> proxyAddress,
        Path dataDirectory,
        Path configDirectory,
        String configBaseName,
        Optional<Path> binDirectory,
        Optional<Path> passFile,
        User superuser,
        User replication,
        User rewind,
        ServerSettings server) {

    private static final int DEFAULT_PORT = 5432;
    /** What PostgreSQL, or the agent, has beside its main file. */
    private static final Set<String> OTHER_FILES =
            Set.of("pg_hba", "pg_ident", "postgresql.auto", "postgresql.synchronous");

    private static final List<String> CONNECTION_OPTIONS = List.of(
            "sslmode",
            "sslcert",
            "sslkey",
            "sslpassword",
            "sslrootcert",
            "sslcrl",
            "sslcrldir",
            "gssencmode",
            "channel_binding",
            "sslnegotiation");

    /**
     * A role that the agent connects as.
     *
     * @param password absent: peer authentication, or a password file
     * @param options of libpq, such as {@code sslmode}
     */
    public record User(String name, Optional<String> password, SortedMap<String, String> options) {
        public User {
            options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
        }

        static User read(ConfigReader user) {
            SortedMap<String, String> options = new TreeMap<>();
            CONNECTION_OPTIONS.forEach(option -> user.text(option).ifPresent(value -> options.put(option, value)));
            return new User(user.requiredText("username").orElse(""), user.text("password"), options);
        }

        @Override
        public String toString() {
            return name + (password.isPresent() ? ":***" : "");
        }
    }

    /** Where a server listens: several addresses, one port. */
    private record Listen(List<String> addresses, int port) {
        static Listen parse(String text) {
            int colon = text.lastIndexOf(':');
            boolean hasPort =
                    colon > text.lastIndexOf(']') && text.substring(colon + 1).matches("\\d{1,5}");
            int port = hasPort ? Integer.parseInt(text.substring(colon + 1)) : DEFAULT_PORT;
            String hosts = (hasPort ? text.substring(0, colon) : text).trim();
            if (hosts.isEmpty() || port < 1 || port > 65535) {
                throw new IllegalArgumentException("expected host:port or host,host:port, found \"" + text + "\"");
            }
            List<String> addresses = List.of(hosts.split("\\s*,\\s*"));
            return new Listen(
                    addresses.stream()
                            .map(host -> host.replaceAll("[\\[\\]]", ""))
                            .toList(),
                    port);
        }
    }

    public PostgresConfig {
        listenAddresses = List.copyOf(listenAddresses);
    }

    static PostgresConfig read(ConfigReader postgres) {
        Listen listen = postgres.required("listen", Listen::parse).orElse(new Listen(List.of("*"), DEFAULT_PORT));
        Path data = postgres.required("data_dir", PostgresConfig::absolute).orElse(Path.of("/"));
        ConfigReader roles = postgres.section("authentication");
        if (!roles.has("superuser") || !roles.has("replication")) {
            postgres.error("authentication", "superuser and replication are required, each with a username");
        }
        refuseProgramNames(postgres.section("bin_name"));
        User superuser = roles.optionalSection("superuser").map(User::read).orElse(nobody());
        return new PostgresConfig(
                listen.addresses(),
                listen.port(),
                connectAddress(postgres, listen),
                postgres.parsed("proxy_address", text -> Addresses.parse(text, DEFAULT_PORT)),
                data,
                postgres.parsed("config_dir", PostgresConfig::absolute).orElse(data),
                postgres.parsed("config_base_name", PostgresConfig::baseName).orElse("postgresql"),
                postgres.parsed("bin_dir", PostgresConfig::absolute),
                postgres.parsed("pgpass", PostgresConfig::absolute),
                superuser,
                roles.optionalSection("replication").map(User::read).orElse(nobody()),
                roles.optionalSection("rewind").map(User::read).orElse(superuser),
                ServerSettings.ofNode(postgres));
    }

    /** The same, but for where the server and its programs are and on which port: that stays as in {@code running}. */
    PostgresConfig inThePlaceOf(PostgresConfig running) {
        return new PostgresConfig(
                listenAddresses,
                running.port,
                new HostPort(connectAddress.host(), running.connectAddress.port()),
                proxyAddress,
                running.dataDirectory,
                running.configDirectory,
                running.configBaseName,
                running.binDirectory,
                passFile,
                superuser,
                replication,
                rewind,
                server);
    }

    /** Whoever fences finds the processes of the server by the name of its program. */
    private static void refuseProgramNames(ConfigReader names) {
        names.keys().stream()
                .filter(program -> names.text(program)
                        .filter(name -> !name.equals(program))
                        .isPresent())
                .forEach(program -> names.warning(
                        program,
                        "has no effect, since fence and guard know PostgreSQL by the names of its programs; name a directory"
                                + " with links of those names in bin_dir"));
    }

    private static User nobody() {
        return new User("", Optional.empty(), new TreeMap<>());
    }

    private static String baseName(String text) {
        if (text.indexOf('/') >= 0 || OTHER_FILES.contains(text)) {
            throw new IllegalArgumentException(
                    "expected the name of a file without its ending .conf, and none that has another use, found \""
                            + text + "\"");
        }
        return text;
    }

    private static Path absolute(String text) {
        Path path = Path.of(text);
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("expected an absolute path, found \"" + text + "\"");
        }
        return path.normalize();
    }

    private static HostPort connectAddress(ConfigReader postgres, Listen listen) {
        Optional<HostPort> given = postgres.parsed("connect_address", text -> Addresses.parse(text, DEFAULT_PORT));
        if (given.isPresent()) {
            return given.get();
        }
        String first = listen.addresses().getFirst();
        if (!postgres.has("connect_address") && Addresses.isWildcard(first)) {
            postgres.error("connect_address", "required, since others cannot connect to \"" + first + "\"");
            return new HostPort("localhost", listen.port());
        }
        return new HostPort(first, listen.port());
    }
}
