package pgha.agent.config;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import pgha.agent.config.YamlValue.Mapping;
import pgha.dcs.DcsConfig;
import pgha.dcs.model.MemberName;
import pgha.rest.RestConfig;

/**
 * Reads a file, or a directory of files, into a configuration or into everything that is wrong with it.
 *
 * <p>Pure but for I/O. Variables of the environment are over the file: {@link EnvironmentVariables}.
 */
public final class ConfigLoader {
    private static final String DEFAULT_NAMESPACE = "service";
    private static final String RESERVED_NAME = "__patroni_strict_sync_replica_placeholder__";

    /** Sections that would change where or how the cluster lives: to go on without them would be another cluster. */
    static final Map<String, String> REFUSED = Map.of(
            "etcd", "etcd's protocol 2 is not supported; write the same keys under etcd3",
            "consul", "Consul is not supported; this agent needs etcd, under etcd3",
            "zookeeper", "ZooKeeper is not supported; this agent needs etcd, under etcd3",
            "exhibitor", "Exhibitor is not supported; this agent needs etcd, under etcd3",
            "kubernetes", "Kubernetes as a store is not supported; this agent needs etcd, under etcd3",
            "raft", "Patroni's own Raft is not supported; this agent needs etcd, under etcd3",
            "citus", "Citus clusters are not supported yet");

    private static final Set<String> SETTINGS_ONLY = Set.of("ttl", "loop_wait", "retry_timeout", "standby_cluster");

    private ConfigLoader() {}

    /** What came of reading. */
    public sealed interface Loaded<T> {
        /** Lines to be shown to people: {@code file:line: path: message}. */
        List<String> warnings();
    }

    /** A configuration that can be used. */
    public record Valid<T>(T config, List<String> warnings) implements Loaded<T> {
        public Valid {
            warnings = List.copyOf(warnings);
        }
    }

    /** Everything for which the file is refused, a line each. */
    public record Refused<T>(List<String> problems, List<String> warnings) implements Loaded<T> {
        public Refused {
            problems = List.copyOf(problems);
            warnings = List.copyOf(warnings);
        }
    }

    /** Reads what the agent needs. */
    public static Loaded<AgentConfig> load(Path path) {
        return load(path, System.getenv());
    }

    static Loaded<AgentConfig> load(Path path, Map<String, String> environment) {
        Problems problems = new Problems();
        Optional<AgentConfig> config =
                read(path, environment, problems).map(root -> agent(root, problems, new TreeSet<>()));
        return result(config, problems);
    }

    /** The file with the environment over it. Without a file: a document in the environment, or the environment alone. */
    private static Optional<Mapping> read(Path path, Map<String, String> environment, Problems problems) {
        YamlFiles files = new YamlFiles(problems);
        Mapping ofEnvironment = new EnvironmentVariables(environment, problems).configuration();
        String document = environment.getOrDefault(EnvironmentVariables.DOCUMENT, "");
        if (!Files.exists(path) && !document.isBlank()) {
            return files.readText(new StringReader(document)).flatMap(value -> {
                if (value instanceof Mapping mapping) {
                    return Optional.of(mapping);
                }
                problems.error(EnvironmentVariables.DOCUMENT + ": expected a mapping of sections");
                return Optional.empty();
            });
        }
        boolean sufficient = ofEnvironment.entries().keySet().containsAll(Set.of("scope", "name"));
        if (!Files.exists(path) && sufficient) {
            problems.warning(path + ": no such file; the configuration is what the environment says");
            return Optional.of(ofEnvironment);
        }
        return files.read(path).map(root -> YamlFiles.patch(root, ofEnvironment));
    }

    /** Reads what a client needs; what else is in the file, or is missing from it, does not matter. */
    public static Loaded<ClientConfig> loadForClient(Path path) {
        Problems problems = new Problems();
        Optional<ClientConfig> config = read(path, System.getenv(), problems).map(root -> client(root, problems));
        return result(config, problems);
    }

    private static <T> Loaded<T> result(Optional<T> config, Problems problems) {
        return config.isPresent() && !problems.isFatal()
                ? new Valid<>(config.get(), problems.warnings())
                : new Refused<>(problems.errors(), problems.warnings());
    }

    /** @param keysRead gets the path of every key that has been asked for */
    static AgentConfig agent(Mapping root, Problems problems, Set<String> keysRead) {
        ConfigReader reader = new ConfigReader(root, problems, keysRead);
        refuseForeignSections(reader);
        KnownKeys.load().examine(without(root), problems);
        String scope = reader.required("scope", ConfigLoader::scope).orElse("unknown");
        String namespace = reader.text("namespace").orElse(DEFAULT_NAMESPACE);
        ConfigReader restSection = reader.section("restapi");
        RestConfig rest = RestSection.read(restSection);
        PostgresConfig postgres = PostgresConfig.read(reader.section("postgresql"));
        return new AgentConfig(
                scope,
                namespace,
                name(reader),
                LogConfig.read(reader.section("log")),
                rest,
                RestSection.readCtl(reader.section("ctl"), restSection, rest.auth()),
                EtcdSection.read(reader.section("etcd3"), DcsConfig.prefixOf(namespace, scope)),
                reader.optionalSection("bootstrap").map(section -> BootstrapConfig.read(section, hasBegun(postgres))),
                postgres,
                NodeSections.tags(reader),
                NodeSections.watchdog(reader.section("watchdog")),
                NodeSections.vips(reader));
    }

    /** Whether there is a cluster: what the file says about the beginning of one has no effect any more. */
    private static boolean hasBegun(PostgresConfig postgres) {
        return Files.exists(postgres.dataDirectory().resolve("PG_VERSION"));
    }

    private static ClientConfig client(Mapping root, Problems problems) {
        ConfigReader reader = new ConfigReader(root, problems, new TreeSet<>());
        Optional<String> scope = reader.parsed("scope", ConfigLoader::scope);
        String namespace = reader.text("namespace").orElse(DEFAULT_NAMESPACE);
        ConfigReader rest = reader.section("restapi");
        Optional<RestConfig> server = rest.has("listen") ? Optional.of(RestSection.read(rest)) : Optional.empty();
        return new ClientConfig(
                scope,
                namespace,
                EtcdSection.read(reader.section("etcd3"), DcsConfig.prefixOf(namespace, scope.orElse("unknown"))),
                RestSection.readCtl(
                        reader.section("ctl"),
                        rest,
                        server.isPresent() ? server.get().auth() : RestSection.auth(rest)),
                server.map(RestConfig::apiUrl));
    }

    private static MemberName name(ConfigReader root) {
        Optional<MemberName> legacy = root.section("postgresql").parsed("name", ConfigLoader::memberName);
        if (legacy.isPresent() && !root.has("name")) {
            return legacy.get();
        }
        return root.required("name", ConfigLoader::memberName).orElse(new MemberName("unknown"));
    }

    private static MemberName memberName(String text) {
        if (text.equals(RESERVED_NAME)) {
            throw new IllegalArgumentException("\"" + text + "\" is a name that Patroni keeps for itself");
        }
        return new MemberName(text);
    }

    private static String scope(String text) {
        if (text.isBlank() || text.indexOf('/') >= 0) {
            throw new IllegalArgumentException("expected a name without a slash, found \"" + text + "\"");
        }
        return text;
    }

    private static void refuseForeignSections(ConfigReader root) {
        new TreeMap<>(REFUSED).forEach((key, sentence) -> {
            if (root.has(key)) {
                root.error(key, sentence);
            }
        });
        root.keys().stream()
                .filter(SETTINGS_ONLY::contains)
                .sorted()
                .forEach(
                        key -> root.warning(
                                key,
                                "has no effect here; it is a setting of the whole cluster, under bootstrap.dcs and in the store"));
    }

    /** The file without the sections of which enough has been said. */
    private static Mapping without(Mapping root) {
        Map<String, YamlValue> rest = new LinkedHashMap<>(root.entries());
        rest.keySet().removeAll(REFUSED.keySet());
        rest.keySet().removeAll(SETTINGS_ONLY);
        return new Mapping(root.place(), rest);
    }
}
