package pgha.agent.setup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import pgha.agent.config.AgentConfig;
import pgha.agent.config.PostgresConfig;
import pgha.dcs.DcsConfig;
import pgha.dcs.dns.Dns;
import pgha.dcs.etcd.EtcdDcs;
import pgha.dcs.model.HostPort;
import pgha.rest.RestConfig;
import pgha.rest.tls.Identity;
import pgha.rest.tls.PemFiles;

/**
 * Holds a valid file against the host that it is for, and says what does not fit: what Patroni's validator looks at.
 *
 * <p>Confined to one thread; blocks for up to three seconds if etcd does not answer. Each finding is
 * {@code path: sentence}. Nothing is changed; a port is taken for a moment to see whether it is free.
 */
public final class HostInspection {
    private static final int CONNECT_MILLIS = 3000;
    private static final List<String> PROGRAMS =
            List.of("postgres", "initdb", "pg_controldata", "pg_basebackup", "pg_rewind");

    private final AgentConfig config;
    private final boolean ignoreListenPorts;
    private final String searchPath;
    private final List<String> findings = new ArrayList<>();

    private HostInspection(AgentConfig config, boolean ignoreListenPorts, String searchPath) {
        this.config = config;
        this.ignoreListenPorts = ignoreListenPorts;
        this.searchPath = searchPath;
    }

    /**
     * @param ignoreListenPorts for a file whose agent or server is running
     * @param environment of this process; its PATH finds programs without {@code bin_dir}
     */
    public static List<String> findings(
            AgentConfig config, boolean ignoreListenPorts, Map<String, String> environment) {
        HostInspection inspection =
                new HostInspection(config, ignoreListenPorts, environment.getOrDefault("PATH", "/usr/bin:/bin"));
        inspection.network();
        inspection.store();
        inspection.rest();
        inspection.postgres();
        inspection.tags();
        return List.copyOf(inspection.findings);
    }

    private void say(String path, String sentence) {
        findings.add(path + ": " + sentence);
    }

    private void network() {
        reachable("restapi.connect_address", config.rest().connectAddress());
        reachable("postgresql.connect_address", config.postgres().connectAddress());
        if (!ignoreListenPorts) {
            free("restapi.listen", config.rest().listen());
            PostgresConfig postgres = config.postgres();
            postgres.listenAddresses().forEach(host -> free("postgresql.listen", new HostPort(host, postgres.port())));
        }
    }

    /** Others would connect to themselves. */
    private void reachable(String path, HostPort address) {
        boolean isAddress = address.host().matches("[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:]*");
        boolean isOwn = address.host().equals("localhost")
                || (isAddress
                        && addresses(address.host()).stream()
                                .anyMatch(found -> found.isLoopbackAddress() || found.isAnyLocalAddress()));
        if (isOwn || address.host().equals("*")) {
            say(path, "other nodes cannot reach this one at \"%s\"; name an address of its network".formatted(address));
        }
    }

    private void free(String path, HostPort listen) {
        InetSocketAddress address = listen.host().equals("*")
                ? new InetSocketAddress(listen.port())
                : new InetSocketAddress(listen.host(), listen.port());
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        } catch (IOException e) {
            say(
                    path,
                    "cannot listen on %s: %s; end who does, or say -i if that is this node itself"
                            .formatted(listen, said(e)));
        }
    }

    private void store() {
        String key = config.dcs().srv().isPresent() ? "etcd3.srv" : "etcd3.hosts";
        try {
            List<String> silent = EtcdDcs.endpoints(config.dcs(), Dns.ofThisHost()).parallelStream()
                    .flatMap(endpoint -> silence(endpoint).stream())
                    .toList();
            silent.forEach(sentence -> say(key, sentence));
        } catch (IOException e) {
            say(key, said(e));
        }
        config.dcs().tls().ifPresent(this::storeFiles);
    }

    private static Optional<String> silence(HostPort endpoint) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(endpoint.host(), endpoint.port()), CONNECT_MILLIS);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("nobody answers at %s: %s".formatted(endpoint, said(e)));
        }
    }

    private void storeFiles(DcsConfig.Tls tls) {
        tls.ca().ifPresent(file -> certificates("etcd3.cacert", file));
        tls.certificate().ifPresent(file -> identity("etcd3.cert", new Identity(file, tls.key(), Optional.empty())));
    }

    private void rest() {
        config.rest().tls().ifPresent(tls -> {
            identity("restapi.certfile", tls.identity());
            tls.ca().ifPresent(file -> certificates("restapi.cafile", file));
        });
        config.ctl().identity().ifPresent(own -> identity("ctl.certfile", own));
        config.ctl().ca().ifPresent(file -> certificates("ctl.cacert", file));
        if (config.rest()
                .auth()
                .map(RestConfig.BasicAuth::password)
                .filter(String::isEmpty)
                .isPresent()) {
            say("restapi.authentication.password", "is empty");
        }
    }

    private void identity(String path, Identity identity) {
        try {
            identity.load();
        } catch (IOException e) {
            say(path, said(e));
        }
    }

    private void certificates(String path, Path file) {
        try {
            PemFiles.certificates(file);
        } catch (IOException e) {
            say(path, said(e));
        }
    }

    private void postgres() {
        PostgresConfig postgres = config.postgres();
        for (String program : PROGRAMS) {
            if (find(program).isEmpty()) {
                say(
                        "postgresql.bin_dir",
                        "there is no program %s in %s"
                                .formatted(
                                        program,
                                        postgres.binDirectory()
                                                .map(Path::toString)
                                                .orElse("PATH")));
            }
        }
        dataDirectory(postgres.dataDirectory());
        postgres.passFile()
                .filter(Files::isDirectory)
                .ifPresent(file -> say("postgresql.pgpass", file + " is a directory; name a file"));
        if (!postgres.configDirectory().equals(postgres.dataDirectory())
                && !Files.isDirectory(postgres.configDirectory())) {
            say("postgresql.config_dir", postgres.configDirectory() + " is no directory");
        }
        config.log()
                .directory()
                .filter(directory -> !Files.isDirectory(directory))
                .ifPresent(directory -> say("log.dir", directory + " is no directory"));
    }

    private Optional<Path> find(String program) {
        Stream<Path> directories = config.postgres()
                .binDirectory()
                .map(Stream::of)
                .orElseGet(() -> Arrays.stream(searchPath.split(":")).map(Path::of));
        return directories
                .map(directory -> directory.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Absent or empty for a node that is to be made, or else a data directory of the programs' version. */
    private void dataDirectory(Path data) {
        String path = "postgresql.data_dir";
        if (!Files.exists(data)) {
            return;
        }
        try (Stream<Path> entries = Files.list(data)) {
            boolean empty = entries.allMatch(entry -> entry.endsWith("lost+found"));
            Path version = data.resolve("PG_VERSION");
            if (empty) {
                return;
            }
            if (!Files.exists(version) || !Files.exists(data.resolve("global/pg_control"))) {
                say(path, data + " is neither empty nor a data directory of PostgreSQL");
                return;
            }
            compare(path, Files.readString(version).strip());
        } catch (IOException e) {
            say(path, "cannot look into it: " + said(e));
        }
    }

    private void compare(String path, String major) throws IOException {
        Optional<Path> server = find("postgres");
        if (server.isEmpty()) {
            return;
        }
        String said = ServerVersion.of(server.get());
        if (!said.isEmpty() && !said.equals(major)) {
            say(path, "it is of PostgreSQL %s, and %s is of %s".formatted(major, server.get(), said));
        }
    }

    private void tags() {
        exclude("nofailover", "failover_priority");
        exclude("nosync", "sync_priority");
    }

    private void exclude(String no, String priority) {
        if (config.tags().values().containsKey(no) && config.tags().values().containsKey(priority)) {
            say("tags", "%s and %s exclude each other; keep one of them".formatted(no, priority));
        }
    }

    private static List<InetAddress> addresses(String host) {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            return List.of();
        }
    }

    private static String said(IOException e) {
        if (e instanceof UnknownHostException) {
            return "nobody knows this host";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
