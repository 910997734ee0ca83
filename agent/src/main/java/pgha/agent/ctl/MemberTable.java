package pgha.agent.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import pgha.agent.ctl.ClusterPicture.Entry;

/**
 * The rows of {@code list}: Patroni's columns, from the picture of a cluster.
 *
 * <p>Immutable. Columns that are empty for every member are left out unless asked for.
 *
 * @param columns names; the lags are named apart, since they are keys in other formats
 * @param rows a value for each column, in this order; absent where there is none
 */
record MemberTable(String title, List<String> columns, List<Map<String, Cell>> rows) {
    static final String RECEIVE_LAG = "Receive Lag";
    static final String REPLAY_LAG = "Replay Lag";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int POSTGRES_PORT = 5432;
    private static final long MEGABYTE = 1 << 20;
    private static final Set<String> NUMBERS = Set.of("TL", "Receive LSN", RECEIVE_LAG, "Replay LSN", REPLAY_LAG);

    /** A text or a number or a mapping. */
    record Cell(JsonNode value) {
        boolean isEmpty() {
            return value.isNull() || value.isMissingNode() || (value.asText().isEmpty() && !value.isObject());
        }

        String text() {
            return value.isObject() ? flow(value) : value.asText("");
        }

        /** A mapping as a block of YAML: one line for each entry. */
        String block() {
            if (!value.isObject()) {
                return text();
            }
            return value.properties().stream()
                    .map(entry -> entry.getKey() + ": " + entry.getValue().asText())
                    .collect(Collectors.joining("\n"));
        }

        private static String flow(JsonNode object) {
            return object.properties().stream()
                    .map(entry -> entry.getKey() + ": " + entry.getValue().asText())
                    .collect(Collectors.joining(", ", "{", "}"));
        }
    }

    static boolean isRightAligned(String column) {
        return NUMBERS.contains(column);
    }

    /** @param extended with the columns that are empty, too */
    static MemberTable of(ClusterPicture picture, boolean extended) {
        boolean showPorts = needsPorts(picture);
        List<Map<String, Cell>> rows = new ArrayList<>();
        picture.members().forEach(member -> rows.add(row(picture, member, showPorts)));
        List<String> columns = new ArrayList<>(List.of(
                "Cluster",
                "Member",
                "Host",
                "Role",
                "State",
                "TL",
                "Receive LSN",
                RECEIVE_LAG,
                "Replay LSN",
                REPLAY_LAG));
        for (String optional : List.of("Pending restart", "Tags")) {
            if (extended || rows.stream().anyMatch(row -> row.containsKey(optional))) {
                columns.add(optional);
            }
        }
        return new MemberTable("Cluster: %s (%s)".formatted(picture.scope(), picture.identity()), columns, rows);
    }

    private static boolean needsPorts(ClusterPicture picture) {
        List<JsonNode> addressed = picture.members().stream()
                .map(Entry::json)
                .filter(member -> member.has("host"))
                .toList();
        boolean unusual =
                addressed.stream().anyMatch(member -> member.path("port").asInt(POSTGRES_PORT) != POSTGRES_PORT);
        Set<String> hosts = new HashSet<>();
        return unusual
                || !addressed.stream()
                        .allMatch(member -> hosts.add(member.path("host").asText()));
    }

    private static Map<String, Cell> row(ClusterPicture picture, Entry member, boolean showPorts) {
        JsonNode json = member.json();
        Map<String, JsonNode> values = new LinkedHashMap<>();
        values.put("Cluster", JSON.textNode(picture.scope()));
        values.put("Member", json.path("name"));
        values.put("Host", JSON.textNode(host(json, showPorts)));
        values.put("Role", JSON.textNode(title(member.role())));
        values.put("State", json.path("state"));
        values.put("TL", json.path("timeline"));
        values.put("Receive LSN", json.path("receive_lsn"));
        values.put(RECEIVE_LAG, megabytes(json.path("receive_lag")));
        values.put("Replay LSN", json.path("replay_lsn"));
        values.put(REPLAY_LAG, megabytes(json.path("replay_lag")));
        values.put("Pending restart", JSON.textNode(json.path("pending_restart").asBoolean() ? "*" : ""));
        values.put("Tags", json.path("tags"));
        Map<String, Cell> row = new LinkedHashMap<>();
        values.forEach((column, value) ->
                Optional.of(new Cell(value)).filter(cell -> !cell.isEmpty()).ifPresent(cell -> row.put(column, cell)));
        return row;
    }

    private static String host(JsonNode member, boolean showPorts) {
        String host = member.path("host").asText("");
        return showPorts && !host.isEmpty() ? host + ":" + member.path("port").asInt(POSTGRES_PORT) : host;
    }

    private static JsonNode megabytes(JsonNode lag) {
        return lag.isIntegralNumber() ? JSON.numberNode(Math.round(lag.asLong() / (double) MEGABYTE)) : JSON.nullNode();
    }

    /** {@code standby_leader} as {@code Standby Leader}. */
    private static String title(String role) {
        StringBuilder title = new StringBuilder();
        for (String word : role.split("_")) {
            title.append(title.isEmpty() ? "" : " ");
            title.append(word.isEmpty() ? "" : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return title.toString();
    }
}
