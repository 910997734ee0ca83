package pgha.agent.setup;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pgha.agent.postgres.UnixSocketFactory;

/**
 * How to reach a server, as libpq would understand it: {@code host=... user=...}, or {@code postgresql://...}, completed
 * from libpq's variables of the environment.
 *
 * <p>Immutable. A host that begins with a slash is the directory of a Unix socket.
 */
record Dsn(String host, int port, String user, Optional<String> password, String database) {
    private static final Pattern WORD = Pattern.compile("\\s*(\\w+)\\s*=\\s*('(?:[^'\\\\]|\\\\.)*'|[^\\s']*)");
    private static final String SOCKETS = "/var/run/postgresql";

    /** @throws IllegalArgumentException if it is neither form; the text is not repeated, since it may hold a password */
    static Dsn parse(String text, Map<String, String> environment) {
        Map<String, String> words = text.matches("postgres(ql)?://.*") ? ofUrl(text) : ofWords(text);
        String user = value(words, "user", environment, "PGUSER").orElse(System.getProperty("user.name"));
        String port = value(words, "port", environment, "PGPORT").orElse("5432");
        if (!port.matches("\\d{1,5}")) {
            throw new IllegalArgumentException("the port is no number");
        }
        return new Dsn(
                value(words, "host", environment, "PGHOST").orElse(SOCKETS),
                Integer.parseInt(port),
                user,
                value(words, "password", environment, "PGPASSWORD"),
                value(words, "dbname", environment, "PGDATABASE").orElse("postgres"));
    }

    private static Optional<String> value(
            Map<String, String> words, String word, Map<String, String> environment, String variable) {
        return Optional.ofNullable(words.get(word))
                .or(() -> Optional.ofNullable(environment.get(variable)))
                .filter(value -> !value.isEmpty());
    }

    private static Map<String, String> ofWords(String text) {
        Map<String, String> words = new TreeMap<>();
        Matcher word = WORD.matcher(text);
        int end = 0;
        while (end < text.length() && word.find(end) && word.start() == end) {
            words.put(word.group(1), word.group(2).replaceAll("^'|'$", "").replaceAll("\\\\(.)", "$1"));
            end = word.end();
        }
        if (!text.substring(end).isBlank()) {
            throw new IllegalArgumentException("expected host=... user=... or postgresql://user@host/database");
        }
        return words;
    }

    private static Map<String, String> ofUrl(String text) {
        URI url;
        try {
            url = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("it is not a URL", e);
        }
        Map<String, String> words = new TreeMap<>();
        Optional.ofNullable(url.getHost()).ifPresent(host -> words.put("host", host.replaceAll("[\\[\\]]", "")));
        if (url.getPort() > 0) {
            words.put("port", Integer.toString(url.getPort()));
        }
        String[] who = Optional.ofNullable(url.getRawUserInfo()).orElse("").split(":", 2);
        words.put("user", decoded(who[0]));
        words.put("password", who.length > 1 ? decoded(who[1]) : "");
        words.put("dbname", Optional.ofNullable(url.getPath()).orElse("").replaceFirst("^/", ""));
        words.values().removeIf(String::isEmpty);
        return words;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    boolean isLocal() {
        return host.startsWith("/");
    }

    String jdbcUrl() {
        String named = isLocal() ? "localhost" : host;
        return "jdbc:postgresql://%s:%d/%s"
                .formatted(named.indexOf(':') >= 0 ? "[" + named + "]" : named, port, database);
    }

    Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        password.ifPresent(word -> properties.setProperty("password", word));
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("ApplicationName", "pgha-agent");
        if (isLocal()) {
            properties.setProperty("sslmode", "disable");
            properties.setProperty("socketFactory", UnixSocketFactory.class.getName());
            properties.setProperty("socketFactoryArg", host + "/.s.PGSQL." + port);
        }
        return properties;
    }

    @Override
    public String toString() {
        return "%s:%d as %s".formatted(host, port, user);
    }
}
