package pgha.lab.golden;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Makes two runs alike: puts a word for what differs between them, and everything without an order in order. Pure. */
final class Mask {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonMapper JSON = new JsonMapper();
    private static final ObjectWriter WRITER = JSON.writerWithDefaultPrettyPrinter();

    /** Keys whose values differ from run to run; only their type is kept. */
    private static final Set<String> VOLATILE = Set.of(
            "location",
            "received_location",
            "replayed_location",
            "replayed_timestamp",
            "xlog_location",
            "receive_lsn",
            "replay_lsn",
            "lsn",
            "lag",
            "receive_lag",
            "replay_lag",
            "LSN",
            "Receive LSN",
            "Replay LSN",
            "optime",
            "slots",
            "dcs_last_seen",
            "observed_age_ms",
            "postmaster_start_time",
            "database_system_identifier",
            "server_version",
            "version",
            "Timestamp");

    private static final Pattern VOLATILE_TEXT = Pattern.compile("\\d{4}-\\d\\d-\\d\\d[ T][\\d:.]+([+-]\\d\\d:?\\d\\d)?"
            + "|\\b[0-9A-F]{1,8}/[0-9A-F]{7,8}\\b|\\b\\d{8,19}\\b");

    private Mask() {}

    /** JSON with sorted keys, or else text. */
    static String of(String document) {
        try {
            JsonNode tree = JSON.readTree(document);
            return tree.isContainerNode() ? WRITER.writeValueAsString(tree(tree)) + "\n" : text(document);
        } catch (JsonProcessingException e) {
            return text(document);
        }
    }

    /** With as many signs as before, so that columns stay in place. */
    private static String text(String document) {
        String masked = VOLATILE_TEXT.matcher(document).replaceAll(match -> match.group()
                .replaceAll("\\w", "#"));
        return masked.stripTrailing() + "\n";
    }

    private static JsonNode tree(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> object(object);
            case ArrayNode array -> array(array);
            default -> node.isTextual() ? NODES.textNode(text(node.asText()).strip()) : leaf(node);
        };
    }

    private static JsonNode object(ObjectNode object) {
        ObjectNode masked = NODES.objectNode();
        new TreeMap<>(object.properties().stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)))
                .forEach((key, value) -> masked.set(key, VOLATILE.contains(key) ? type(value) : tree(value)));
        return masked;
    }

    private static JsonNode type(JsonNode value) {
        return value.isNull()
                ? value
                : NODES.textNode(value.getNodeType().name().toLowerCase(Locale.ROOT));
    }

    private static JsonNode array(ArrayNode array) {
        List<JsonNode> elements = new ArrayList<>();
        array.forEach(element -> elements.add(tree(element)));
        if (elements.stream().allMatch(JsonNode::isObject)) {
            elements.sort(Comparator.comparing(JsonNode::toString));
        }
        ArrayNode masked = NODES.arrayNode();
        elements.forEach(masked::add);
        return masked;
    }

    /** A position of WAL among other numbers, as in the history. */
    private static JsonNode leaf(JsonNode node) {
        return node.isIntegralNumber() && node.asLong() >= 10_000_000 ? NODES.textNode("large number") : node;
    }
}
