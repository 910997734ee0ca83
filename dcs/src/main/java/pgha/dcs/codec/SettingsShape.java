package pgha.dcs.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Refuses a settings document whose parts are of the wrong kind: a text where a mapping belongs, a list for a number.
 *
 * <p>Pure. Read leniently such a document would mean that everything below the key is gone, in the whole cluster. What
 * is empty or null counts as absent, as in Patroni; keys that nobody knows may hold anything.
 */
final class SettingsShape {
    private static final Set<String> MAPPINGS =
            Set.of("postgresql", "slots", "permanent_slots", "permanent_replication_slots", "standby_cluster");

    private static final Set<String> SCALARS = Set.of(
            "ttl",
            "loop_wait",
            "retry_timeout",
            "maximum_lag_on_failover",
            "maximum_lag_on_syncnode",
            "max_timelines_history",
            "primary_start_timeout",
            "master_start_timeout",
            "primary_stop_timeout",
            "master_stop_timeout",
            "primary_race_backoff",
            "check_timeline",
            "synchronous_mode",
            "synchronous_mode_strict",
            "synchronous_node_count",
            "failsafe_mode",
            "pause",
            "member_slots_ttl");

    /** Under {@code postgresql}. */
    private static final Set<String> MAPPINGS_OF_SCALARS = Set.of("parameters", "recovery_conf");

    private static final Set<String> LISTS_OF_SCALARS = Set.of("pg_hba", "pg_ident");

    private static final Set<String> SCALARS_OF_POSTGRES = Set.of("use_pg_rewind", "use_slots");

    private SettingsShape() {}

    /** @throws IllegalArgumentException with a sentence that begins with the path of the key */
    static void check(ObjectNode document) {
        for (Map.Entry<String, JsonNode> field : document.properties()) {
            String key = field.getKey();
            JsonNode value = field.getValue();
            demand(!MAPPINGS.contains(key) || value.isObject() || isNothing(value), key, value, "a mapping");
            demand(!SCALARS.contains(key) || value.isValueNode(), key, value, "one value");
            demand(!key.equals("ignore_slots") || isListOfMappings(value), key, value, "a list of mappings");
        }
        document.path("postgresql").properties().forEach(SettingsShape::checkPostgres);
    }

    private static void checkPostgres(Map.Entry<String, JsonNode> field) {
        String key = "postgresql." + field.getKey();
        JsonNode value = field.getValue();
        if (MAPPINGS_OF_SCALARS.contains(field.getKey())) {
            demand(value.isObject() || isNothing(value), key, value, "a mapping");
            value.properties()
                    .forEach(one -> demand(
                            one.getValue().isValueNode(), key + "." + one.getKey(), one.getValue(), "one value"));
        }
        if (LISTS_OF_SCALARS.contains(field.getKey())) {
            boolean fits =
                    isNothing(value) || (value.isArray() && value.valueStream().allMatch(JsonNode::isValueNode));
            demand(fits, key, value, "a list of lines");
        }
        demand(!SCALARS_OF_POSTGRES.contains(field.getKey()) || value.isValueNode(), key, value, "one value");
    }

    private static boolean isListOfMappings(JsonNode value) {
        return isNothing(value) || (value.isArray() && value.valueStream().allMatch(JsonNode::isObject));
    }

    /** What Python takes for false, and Patroni for absent. */
    private static boolean isNothing(JsonNode value) {
        List<String> falsy = List.of("", "0", "false", "null");
        return value.isValueNode() ? falsy.contains(value.asText()) : value.isEmpty();
    }

    private static void demand(boolean fits, String key, JsonNode found, String wanted) {
        if (!fits) {
            throw new IllegalArgumentException(
                    "%s: expected %s, found %s".formatted(key, wanted, Json.excerpt(found.toString())));
        }
    }
}
