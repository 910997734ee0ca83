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
import pgha.agent.ctl.Table.Cell;

/**
 * Makes the table of {@code list} and {@code topology}: Patroni's columns, from the picture of a cluster.
 *
 * <p>Pure. Columns that are empty for every member are left out unless asked for. The two lags are named apart, since
 * they are keys in other formats.
 */
final class MemberTable {
    static final String RECEIVE_LAG = "Receive Lag";
    static final String REPLAY_LAG = "Replay Lag";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int POSTGRES_PORT = 5432;
    private static final long MEGABYTE = 1 << 20;
    private static final List<String> OPTIONAL =
            List.of("Pending restart", "Pending restart reason", "Scheduled restart", "Tags");
    private static final Set<String> NUMBERS = Set.of("TL", "Receive LSN", RECEIVE_LAG, "Replay LSN", REPLAY_LAG);

    /** Where a cell is too narrow for a reason. */
    private static final int LONGEST_REASON = 50;

    private MemberTable() {}

    /**
     * By name.
     *
     * @param extended with the columns that are empty, too
     * @param forPeople with cells that stay narrow
     */
    static Table of(ClusterPicture picture, boolean extended, boolean forPeople) {
        Map<Entry, String> names = new LinkedHashMap<>();
        picture.members().forEach(member -> names.put(member, member.name()));
        return of(picture, names, extended, forPeople);
    }

    /** As a tree: who follows whom. */
    static Table asTree(ClusterPicture picture) {
        return of(picture, Topology.of(picture), false, true);
    }

    private static Table of(ClusterPicture picture, Map<Entry, String> names, boolean extended, boolean forPeople) {
        boolean showPorts = needsPorts(picture);
        List<Map<String, Cell>> rows = new ArrayList<>();
        names.forEach((member, name) -> rows.add(row(picture, member, name, showPorts, forPeople)));
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
        for (String optional : OPTIONAL) {
            if (extended || rows.stream().anyMatch(row -> row.containsKey(optional))) {
                columns.add(optional);
            }
        }
        String title = "Cluster: %s (%s)".formatted(picture.scope(), picture.identity());
        return new Table(title, columns, NUMBERS, rows);
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

    private static Map<String, Cell> row(
            ClusterPicture picture, Entry member, String name, boolean showPorts, boolean forPeople) {
        JsonNode json = member.json();
        Map<String, JsonNode> values = new LinkedHashMap<>();
        values.put("Cluster", JSON.textNode(picture.scope()));
        values.put("Member", JSON.textNode(name));
        values.put("Host", JSON.textNode(host(json, showPorts)));
        values.put("Role", JSON.textNode(title(member.role())));
        values.put("State", json.path("state"));
        values.put("TL", json.path("timeline"));
        values.put("Receive LSN", json.path("receive_lsn"));
        values.put(RECEIVE_LAG, megabytes(json.path("receive_lag")));
        values.put("Replay LSN", json.path("replay_lsn"));
        values.put(REPLAY_LAG, megabytes(json.path("replay_lag")));
        values.put("Pending restart", JSON.textNode(json.path("pending_restart").asBoolean() ? "*" : ""));
        values.put("Pending restart reason", JSON.textNode(reasons(json.path("pending_restart_reason"), forPeople)));
        values.put("Scheduled restart", JSON.textNode(scheduledRestart(json.path("scheduled_restart"))));
        values.put("Tags", json.path("tags"));
        Map<String, Cell> row = new LinkedHashMap<>();
        values.forEach((column, value) ->
                Optional.of(new Cell(value)).filter(cell -> !cell.isEmpty()).ifPresent(cell -> row.put(column, cell)));
        return row;
    }

    /** {@code max_connections: 100->200}, a line each. */
    private static String reasons(JsonNode reasons, boolean forPeople) {
        return reasons.properties().stream()
                .map(reason -> reason.getKey() + ": " + change(reason.getValue(), forPeople))
                .collect(Collectors.joining("\n"));
    }

    private static String change(JsonNode reason, boolean forPeople) {
        String change = reason.path("old_value").asText() + "->"
                + reason.path("new_value").asText();
        return forPeople && change.length() > LONGEST_REASON ? "[hidden - too long]" : change;
    }

    private static String scheduledRestart(JsonNode scheduled) {
        String below = scheduled.has("postgres_version")
                ? " if version < " + scheduled.path("postgres_version").asText()
                : "";
        return scheduled.has("schedule") ? scheduled.path("schedule").asText() + below : "";
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
