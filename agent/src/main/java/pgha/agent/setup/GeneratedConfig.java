package pgha.agent.setup;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import pgha.agent.config.ServerSettings;

/**
 * The file for an agent that is to take over a running server, which keeps what somebody has set.
 *
 * <p>Pure. What no server knows is {@value #OPEN}: where etcd is, and the passwords of roles that do not exist yet.
 */
final class GeneratedConfig {
    static final String OPEN = "#FIXME";

    /** Said elsewhere in the file, or the agent's own business. */
    private static final Set<String> ELSEWHERE = Set.of(
            "data_directory",
            "config_file",
            "hba_file",
            "ident_file",
            "listen_addresses",
            "port",
            "cluster_name",
            "hot_standby",
            "primary_conninfo",
            "primary_slot_name",
            "promote_trigger_file");

    private final RunningServer server;
    private final String hostName;
    private final String address;

    private GeneratedConfig(RunningServer server, String hostName, String address) {
        this.server = server;
        this.hostName = hostName;
        this.address = address;
    }

    /** @param address at which others reach this host */
    static String render(RunningServer server, String hostName, String address) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setIndicatorIndent(2);
        options.setIndentWithIndicator(true);
        options.setWidth(200);
        return """
                # Made from the running server at %s.
                # Replace each %s, and check the file with: pgha-agent --validate-config -i FILE
                """.formatted(server.reachedBy(), OPEN)
                + new Yaml(options).dump(new GeneratedConfig(server, hostName, address).root());
    }

    private Map<String, Object> root() {
        Map<String, Object> root = new LinkedHashMap<>();
        String scope = server.setting("cluster_name", "");
        root.put("scope", scope.isEmpty() ? OPEN : scope);
        root.put("name", hostName);
        root.put("log", Map.of("level", "INFO"));
        root.put("restapi", new TreeMap<>(Map.of("listen", address + ":8008", "connect_address", address + ":8008")));
        root.put("etcd3", Map.of("hosts", List.of(OPEN)));
        root.put("bootstrap", Map.of("dcs", settings()));
        root.put("postgresql", postgres());
        root.put("tags", new TreeMap<>(Map.of("noloadbalance", false, "clonefrom", true, "failover_priority", 1)));
        return root;
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("ttl", 30);
        settings.put("loop_wait", 10);
        settings.put("retry_timeout", 10);
        settings.put("maximum_lag_on_failover", 1_048_576);
        Map<String, Object> postgres = new LinkedHashMap<>();
        postgres.put("use_pg_rewind", true);
        postgres.put("parameters", parameters(true));
        settings.put("postgresql", postgres);
        return settings;
    }

    /** @param ofTheCluster those that all nodes must have alike, or else the others */
    private Map<String, Object> parameters(boolean ofTheCluster) {
        Map<String, Object> parameters = new TreeMap<>();
        server.settings().forEach((name, value) -> {
            if (!ELSEWHERE.contains(name) && ServerSettings.isOfTheCluster(name) == ofTheCluster) {
                parameters.put(name, value);
            }
        });
        return parameters;
    }

    private Map<String, Object> postgres() {
        Map<String, Object> postgres = new LinkedHashMap<>();
        String port = server.setting("port", "5432");
        String listen = server.setting("listen_addresses", "localhost");
        postgres.put("listen", (listen.isEmpty() ? "localhost" : listen.replace(" ", "")) + ":" + port);
        postgres.put("connect_address", address + ":" + port);
        Path data = Path.of(server.setting("data_directory", OPEN));
        postgres.put("data_dir", data.toString());
        if (!server.configDirectory().equals(data)) {
            postgres.put("config_dir", server.configDirectory().toString());
        }
        if (!server.configBaseName().equals("postgresql")) {
            postgres.put("config_base_name", server.configBaseName());
        }
        postgres.put("bin_dir", server.binDirectory().map(Path::toString).orElse(OPEN));
        postgres.put("pgpass", data.resolveSibling("pgpass").toString());
        postgres.put("use_unix_socket", server.reachedBy().isLocal());
        Map<String, Object> users = new LinkedHashMap<>();
        users.put("superuser", superuser());
        users.put("replication", user("replicator", OPEN));
        users.put("rewind", user("rewind_user", OPEN));
        postgres.put("authentication", users);
        postgres.put("parameters", parameters(false));
        if (!server.pgHba().isEmpty()) {
            postgres.put("pg_hba", server.pgHba());
        }
        if (!server.pgIdent().isEmpty()) {
            postgres.put("pg_ident", server.pgIdent());
        }
        return postgres;
    }

    private Map<String, Object> superuser() {
        Dsn dsn = server.reachedBy();
        Map<String, Object> user = new LinkedHashMap<>();
        user.put("username", dsn.user());
        dsn.password().ifPresent(password -> user.put("password", password));
        return user;
    }

    private static Map<String, Object> user(String name, String password) {
        Map<String, Object> user = new LinkedHashMap<>();
        user.put("username", name);
        user.put("password", password);
        return user;
    }
}
