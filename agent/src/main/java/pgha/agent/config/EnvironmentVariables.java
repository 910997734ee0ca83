package pgha.agent.config;

import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import pgha.agent.config.YamlValue.Kind;
import pgha.agent.config.YamlValue.Mapping;
import pgha.agent.config.YamlValue.Place;
import pgha.agent.config.YamlValue.Scalar;

/**
 * The configuration that Patroni's variables in the environment make, such as {@code PATRONI_RESTAPI_LISTEN}.
 *
 * <p>Pure. Texts are taken as they are, so that no password is read as YAML; lists and mappings may be written as in a
 * file or without their brackets. A variable that is not in the table means nothing, as with Patroni.
 */
final class EnvironmentVariables {
    /** A whole document, for when there is no file. */
    static final String DOCUMENT = "PATRONI_CONFIGURATION";

    private static final String PREFIX = "PATRONI_";
    private static final Place PLACE = new Place("environment", 0);

    private static final List<String> USERS = List.of("superuser", "replication", "rewind");
    private static final Set<String> OF_USERS = Set.of(
            "username",
            "password",
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
    private static final Set<String> PROGRAMS =
            Set.of("pg_ctl", "initdb", "pg_controldata", "pg_basebackup", "postgres", "pg_isready", "pg_rewind");

    /** What each section takes, beside its users. */
    private static final Map<String, Set<String>> SECTIONS = Map.of(
            "log",
            Set.of(
                    "type",
                    "level",
                    "traceback_level",
                    "format",
                    "dateformat",
                    "static_fields",
                    "max_queue_size",
                    "dir",
                    "mode",
                    "file_size",
                    "file_num",
                    "loggers",
                    "deduplicate_heartbeat_logs"),
            "restapi",
            Set.of(
                    "listen",
                    "connect_address",
                    "certfile",
                    "keyfile",
                    "keyfile_password",
                    "cafile",
                    "ciphers",
                    "verify_client",
                    "http_extra_headers",
                    "https_extra_headers",
                    "allowlist",
                    "allowlist_include_members",
                    "request_queue_size",
                    "server_tokens"),
            "ctl",
            Set.of("insecure", "cacert", "certfile", "keyfile", "keyfile_password"),
            "postgresql",
            Set.of("listen", "connect_address", "proxy_address", "data_dir", "config_dir", "pgpass", "bin_dir"),
            "etcd3",
            Set.of(
                    "host",
                    "hosts",
                    "port",
                    "use_proxies",
                    "protocol",
                    "srv",
                    "srv_suffix",
                    "url",
                    "proxy",
                    "cacert",
                    "cert",
                    "key"));

    /** What Patroni's own documentation does not name any more, and people's units still do. */
    private static final Map<String, String> LEGACY =
            Map.of("log_level", "loglevel", "log_format", "logformat", "log_dateformat", "log_datefmt");

    private static final Set<String> LISTS = Set.of("restapi.allowlist", "etcd3.hosts");
    private static final Set<String> MAPPINGS =
            Set.of("log.static_fields", "log.loggers", "restapi.http_extra_headers", "restapi.https_extra_headers");

    private final SortedMap<String, String> variables;
    private final Problems problems;

    EnvironmentVariables(Map<String, String> variables, Problems problems) {
        this.variables = new TreeMap<>(variables);
        this.problems = problems;
    }

    /** As a file would have it; without entries if no variable says anything. */
    Mapping configuration() {
        Map<String, YamlValue> root = new LinkedHashMap<>();
        for (String key : List.of("scope", "name", "namespace")) {
            variable(key).ifPresent(text -> root.put(key, text(text)));
        }
        new TreeMap<>(SECTIONS).forEach((section, keys) -> {
            Map<String, YamlValue> entries = new LinkedHashMap<>();
            keys.stream().sorted().forEach(key -> variableOrLegacy(section + "_" + key)
                    .ifPresent(text -> entries.put(key, value(section + "." + key, text))));
            entries.putAll(people(section, entries));
            if (!entries.isEmpty()) {
                root.put(section, mapping(entries));
            }
        });
        return mapping(root);
    }

    /** Who connects, and as whom. */
    private Map<String, YamlValue> people(String section, Map<String, YamlValue> others) {
        return switch (section) {
            case "restapi", "ctl" -> under("authentication", texts(section, Set.of("username", "password")));
            // Patroni takes these for etcd's only if something else is said of etcd, too.
            case "etcd3" -> others.isEmpty() ? Map.of() : texts(section, Set.of("username", "password"));
            case "postgresql" -> ofPostgres();
            default -> Map.of();
        };
    }

    private Map<String, YamlValue> ofPostgres() {
        Map<String, YamlValue> users = new LinkedHashMap<>();
        USERS.forEach(user -> users.putAll(under(user, texts(user, OF_USERS))));
        Map<String, YamlValue> entries = new LinkedHashMap<>(under("authentication", users));
        entries.putAll(under("bin_name", texts("postgresql_bin", PROGRAMS)));
        return entries;
    }

    private Map<String, YamlValue> texts(String prefix, Set<String> keys) {
        Map<String, YamlValue> entries = new LinkedHashMap<>();
        keys.stream().sorted().forEach(key -> variable(prefix + "_" + key)
                .ifPresent(text -> entries.put(key, text(text))));
        return entries;
    }

    private static Map<String, YamlValue> under(String key, Map<String, YamlValue> entries) {
        return entries.isEmpty() ? Map.of() : Map.of(key, mapping(entries));
    }

    private Optional<String> variableOrLegacy(String path) {
        return variable(path).or(() -> Optional.ofNullable(LEGACY.get(path)).flatMap(this::variable));
    }

    private Optional<String> variable(String path) {
        return Optional.ofNullable(variables.get(PREFIX + path.toUpperCase(Locale.ROOT)))
                .filter(text -> !text.isEmpty());
    }

    private YamlValue value(String path, String text) {
        if (LISTS.contains(path)) {
            return parsed(path, text.strip().startsWith("[") || text.strip().startsWith("-") ? text : "[" + text + "]");
        }
        if (MAPPINGS.contains(path)) {
            return parsed(path, text.strip().startsWith("{") ? text : "{" + text + "}");
        }
        return text(text);
    }

    private YamlValue parsed(String path, String yaml) {
        Problems own = new Problems();
        Optional<YamlValue> value = new YamlFiles(own).readText(new StringReader(yaml));
        own.errors().forEach(error -> problems.error(PLACE, path, error));
        return value.orElse(new Scalar(PLACE, Kind.NOTHING, ""));
    }

    private static Scalar text(String text) {
        return new Scalar(PLACE, Kind.TEXT, text);
    }

    private static Mapping mapping(Map<String, YamlValue> entries) {
        return new Mapping(PLACE, entries);
    }
}
