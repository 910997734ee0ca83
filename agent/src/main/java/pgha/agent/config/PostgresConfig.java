package pgha.agent.config;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
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
 * @param configDirectory where postgresql.conf, pg_hba.conf and pg_ident.conf live
 * @param binDirectory absent: programs are found on the path
 * @param database the one for maintenance connections
 * @param passFile absent: a file of the agent's own choice
 * @param parameters of this node alone; not those that only the cluster's settings may have
 * @param customConf a file that postgresql.conf includes in the place of what initdb wrote
 * @param pgHba the whole file; absent: the file is not ours
 * @param onPrimary what differs while it is a primary
 * @param onReplica what differs while it is a replica
 * @param basebackupOptions as on a command line
 * @param hooks the operator's programs
 */
public record PostgresConfig(
        List<String> listenAddresses,
        int port,
        HostPort connectAddress,
        Path dataDirectory,
        Path configDirectory,
        Optional<Path> binDirectory,
        String database,
        Optional<Path> passFile,
        User superuser,
        User replication,
        User rewind,
        SortedMap<String, String> parameters,
        Optional<Path> customConf,
        Optional<List<String>> pgHba,
        Optional<List<String>> pgIdent,
        ForRole onPrimary,
        ForRole onReplica,
        Optional<Boolean> usePgRewind,
        boolean useUnixSocket,
        boolean useUnixSocketForReplication,
        List<String> basebackupOptions,
        HooksConfig hooks) {

    private static final int DEFAULT_PORT = 5432;
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
    private static final Set<String> OF_THE_CLUSTER = Set.of(
            "wal_level",
            "max_connections",
            "max_wal_senders",
            "max_prepared_transactions",
            "max_locks_per_transaction",
            "max_worker_processes",
            "max_replication_slots",
            "track_commit_timestamp",
            "wal_log_hints");
    private static final Set<String> OPTIONS_OF_OURS = Set.of(
            "pgdata",
            "format",
            "wal-method",
            "xlog-method",
            "gzip",
            "version",
            "dbname",
            "host",
            "port",
            "username",
            "password");

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

    /**
     * What differs in one role.
     *
     * @param parameters over those of every role
     * @param pgHba in the place of that of every role; absent: the same
     */
    public record ForRole(
            SortedMap<String, String> parameters, Optional<List<String>> pgHba, Optional<List<String>> pgIdent) {
        public ForRole {
            parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
            pgHba = pgHba.map(List::copyOf);
            pgIdent = pgIdent.map(List::copyOf);
        }

        private static ForRole read(ConfigReader postgres, String suffix) {
            return new ForRole(
                    ofThisNode(postgres, "parameters" + suffix),
                    lines(postgres, "pg_hba" + suffix),
                    lines(postgres, "pg_ident" + suffix));
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
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        pgHba = pgHba.map(List::copyOf);
        pgIdent = pgIdent.map(List::copyOf);
        basebackupOptions = List.copyOf(basebackupOptions);
    }

    static PostgresConfig read(ConfigReader postgres) {
        Listen listen = postgres.required("listen", Listen::parse).orElse(new Listen(List.of("*"), DEFAULT_PORT));
        Path data = postgres.required("data_dir", PostgresConfig::absolute).orElse(Path.of("/"));
        ConfigReader roles = postgres.section("authentication");
        if (!roles.has("superuser") || !roles.has("replication")) {
            postgres.error("authentication", "superuser and replication are required, each with a username");
        }
        User superuser = roles.optionalSection("superuser").map(User::read).orElse(nobody());
        checkReplicaMethods(postgres);
        return new PostgresConfig(
                listen.addresses(),
                listen.port(),
                connectAddress(postgres, listen),
                data,
                postgres.parsed("config_dir", PostgresConfig::absolute).orElse(data),
                postgres.parsed("bin_dir", PostgresConfig::absolute),
                postgres.text("database").orElse("postgres"),
                postgres.parsed("pgpass", PostgresConfig::absolute),
                superuser,
                roles.optionalSection("replication").map(User::read).orElse(nobody()),
                roles.optionalSection("rewind").map(User::read).orElse(superuser),
                parameters(postgres),
                postgres.text("custom_conf").map(Path::of),
                lines(postgres, "pg_hba"),
                lines(postgres, "pg_ident"),
                ForRole.read(postgres, "_primary"),
                ForRole.read(postgres, "_replica"),
                postgres.flag("use_pg_rewind"),
                postgres.flag("use_unix_socket", false),
                postgres.flag("use_unix_socket_repl", false),
                postgres.options("basebackup", OPTIONS_OF_OURS),
                HooksConfig.read(postgres));
    }

    /** The same, but for where the server and its programs are and on which port: that stays as in {@code running}. */
    PostgresConfig inThePlaceOf(PostgresConfig running) {
        return new PostgresConfig(
                listenAddresses,
                running.port,
                new HostPort(connectAddress.host(), running.connectAddress.port()),
                running.dataDirectory,
                running.configDirectory,
                running.binDirectory,
                database,
                passFile,
                superuser,
                replication,
                rewind,
                parameters,
                customConf,
                pgHba,
                pgIdent,
                onPrimary,
                onReplica,
                usePgRewind,
                useUnixSocket,
                useUnixSocketForReplication,
                basebackupOptions,
                hooks);
    }

    /** An empty list is as good as none, as in Patroni: a file without lines would let nobody in. */
    private static Optional<List<String>> lines(ConfigReader postgres, String key) {
        return Optional.of(postgres.texts(key)).filter(lines -> !lines.isEmpty());
    }

    /** Since PostgreSQL 12 what was in recovery.conf is parameters like others, and only read in recovery. */
    private static SortedMap<String, String> parameters(ConfigReader postgres) {
        SortedMap<String, String> parameters = ofThisNode(postgres, "parameters");
        parameters.putAll(ofThisNode(postgres, "recovery_conf"));
        return parameters;
    }

    /** Without what a replica must have as its primary has it, which only the whole cluster can change. */
    private static SortedMap<String, String> ofThisNode(ConfigReader postgres, String key) {
        SortedMap<String, String> parameters = postgres.parameters(key);
        ConfigReader section = postgres.section(key);
        parameters.keySet().removeIf(name -> {
            boolean ofTheCluster = isOfTheCluster(name);
            if (ofTheCluster) {
                section.warning(
                        name,
                        "has no effect here; it is a setting of the whole cluster, under bootstrap.dcs and in the store");
            }
            return ofTheCluster;
        });
        return parameters;
    }

    /** Whether a parameter is of the whole cluster: one that only its settings may have. */
    public static boolean isOfTheCluster(String parameter) {
        return OF_THE_CLUSTER.contains(parameter.toLowerCase(Locale.ROOT));
    }

    private static User nobody() {
        return new User("", Optional.empty(), new TreeMap<>());
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

    private static void checkReplicaMethods(ConfigReader postgres) {
        String key = postgres.has("create_replica_methods") ? "create_replica_methods" : "create_replica_method";
        List<String> others = postgres.textsOrCommas(key).stream()
                .filter(method -> !method.equals("basebackup"))
                .toList();
        if (!others.isEmpty()) {
            postgres.warning(key, "replicas are made by basebackup alone; not tried: " + String.join(", ", others));
        }
    }
}
