package pgha.agent.postgres;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import pgha.agent.postgres.PostgresConfig.Credentials;
import pgha.dcs.model.HostPort;

/**
 * A connection string of libpq: keywords and values, in the order in which they were given.
 *
 * <p>Immutable. It never holds a password: those are in the password file.
 */
record ConnInfo(Map<String, String> values) {
    ConnInfo {
        values = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** To another member, with Patroni's keywords in Patroni's order. */
    static ConnInfo to(HostPort server, Credentials user, PostgresConfig config, String applicationName) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("dbname", config.database());
        values.put("user", user.username());
        values.put("passfile", config.pgpass().toString());
        values.put("host", server.host());
        values.put("port", Integer.toString(server.port()));
        values.put("sslmode", "prefer");
        values.putAll(user.options());
        values.put("application_name", applicationName);
        config.kerberosServiceName().ifPresent(name -> values.put("krbsrvname", name));
        return new ConnInfo(values);
    }

    ConnInfo with(String keyword, String value) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(keyword, value);
        return new ConnInfo(more);
    }

    /** Reads what PostgreSQL has; what cannot be read is left out. */
    static ConnInfo parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        int at = 0;
        while (true) {
            int equals = text.indexOf('=', at);
            if (equals < 0) {
                return new ConnInfo(values);
            }
            StringBuilder value = new StringBuilder();
            String keyword = text.substring(at, equals).strip();
            at = readValue(text, equals + 1, value);
            values.put(keyword, value.toString());
        }
    }

    /** Whom it leads to; empty if it does not say. */
    Optional<HostPort> server() {
        String host = values.getOrDefault("host", values.getOrDefault("hostaddr", ""));
        String port = values.getOrDefault("port", "5432");
        return host.isBlank() || !port.matches("\\d{1,5}")
                ? Optional.empty()
                : Optional.of(new HostPort(host, Integer.parseInt(port)));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        values.forEach((keyword, value) -> text.append(text.isEmpty() ? "" : " ")
                .append(keyword)
                .append('=')
                .append(quoted(value)));
        return text.toString();
    }

    private static int readValue(String text, int from, StringBuilder value) {
        int at = from;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        boolean inQuotes = at < text.length() && text.charAt(at) == '\'';
        at += inQuotes ? 1 : 0;
        char end = inQuotes ? '\'' : ' ';
        while (at < text.length() && text.charAt(at) != end) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at));
            at++;
        }
        return at + 1;
    }

    private static String quoted(String value) {
        if (!value.isEmpty() && value.chars().noneMatch(c -> c == ' ' || c == '\'' || c == '\\' || c == '=')) {
            return value;
        }
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
