package pgha.dcs.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Applies a patch to a settings document by Patroni's rules.
 *
 * <p>Pure. {@code null} removes a key, an object over an object is merged, anything else replaces; a leaf whose text
 * is the same stays as it is, so that {@code "2"} over {@code 2} changes nothing.
 */
final class MergePatch {
    private MergePatch() {}

    static ObjectNode apply(ObjectNode document, ObjectNode patch) {
        ObjectNode result = document.deepCopy();
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            String name = field.getKey();
            JsonNode wanted = field.getValue();
            JsonNode present = result.path(name);
            if (wanted.isNull()) {
                result.remove(name);
            } else if (wanted instanceof ObjectNode inner && present instanceof ObjectNode outer) {
                result.set(name, apply(outer, inner));
            } else if (!sameText(present, wanted)) {
                result.set(name, wanted);
            }
        }
        return result;
    }

    private static boolean sameText(JsonNode present, JsonNode wanted) {
        return present.isValueNode()
                && !present.isNull()
                && wanted.isValueNode()
                && present.asText().equals(wanted.asText());
    }
}
