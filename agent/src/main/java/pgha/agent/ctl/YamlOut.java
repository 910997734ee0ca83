package pgha.agent.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.TreeMap;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** Prints JSON as YAML in blocks, as people read and edit it. Pure. */
final class YamlOut {
    private static final int WIDTH = 200;

    private YamlOut() {}

    /** With the keys of every mapping in their order; nothing for an empty document. */
    static String sorted(JsonNode document) {
        return unsorted(new ObjectMapper().convertValue(sort(document), Object.class));
    }

    private static JsonNode sort(JsonNode value) {
        if (value.isObject()) {
            TreeMap<String, JsonNode> fields = new TreeMap<>();
            value.properties().forEach(field -> fields.put(field.getKey(), sort(field.getValue())));
            ObjectNode sorted = JsonNodeFactory.instance.objectNode();
            sorted.setAll(fields);
            return sorted;
        }
        if (value.isArray()) {
            ArrayNode sorted = JsonNodeFactory.instance.arrayNode();
            value.forEach(item -> sorted.add(sort(item)));
            return sorted;
        }
        return value;
    }

    /** @param values maps, lists and scalars */
    static String unsorted(Object values) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setAllowUnicode(true);
        options.setWidth(WIDTH);
        return new Yaml(options).dump(values);
    }
}
