package pgha.agent.ctl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgha.agent.config.ClusterSection;
import pgha.agent.config.SettingsCheck;
import pgha.agent.config.YamlText;
import pgha.dcs.codec.ClusterCodec;
import pgha.dcs.model.Revision;

/**
 * The settings document on its way to a new one.
 *
 * <p>Immutable.
 *
 * @param revision at which the document that the edit began with was written
 */
record SettingsEdit(ObjectNode document, Revision revision) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** As it is stored now. */
    static SettingsEdit stored(Session session, String cluster) throws CommandFailed {
        ClusterAccess.StoredSettings settings = session.access()
                .settings(cluster)
                .orElseThrow(() ->
                        new CommandFailed("The config key does not exist in the cluster %s; has it been bootstrapped?"
                                .formatted(cluster)));
        return new SettingsEdit(object(parse(settings.document()), "the store"), settings.revision());
    }

    private static JsonNode parse(String json) throws CommandFailed {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new CommandFailed("cannot read the settings: they are not JSON");
        }
    }

    private static ObjectNode object(JsonNode node, String source) throws CommandFailed {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new CommandFailed("cannot use the settings of %s: expected a mapping".formatted(source));
    }

    /** With YAML in the place of everything. */
    SettingsEdit replaced(String yaml, String source) throws CommandFailed {
        return new SettingsEdit(JsonNodeFactory.instance.objectNode(), revision).merged(yaml, source);
    }

    /** With YAML merged in; {@code null} takes a key away. */
    SettingsEdit merged(String yaml, String source) throws CommandFailed {
        ObjectNode patch = object(yaml(yaml, source), source);
        String merged = ClusterCodec.mergePatch(document.toString(), patch.toString());
        return new SettingsEdit(object(parse(merged), source), revision);
    }

    /** With {@code KEY=VALUE}: a path of keys, and YAML; {@code null} takes the key away. */
    SettingsEdit set(String pair) throws CommandFailed {
        int equals = pair.indexOf('=');
        if (equals < 1) {
            throw new CommandFailed("Invalid parameter setting " + pair + "; expected KEY=VALUE");
        }
        JsonNode value = yaml(pair.substring(equals + 1), pair);
        ObjectNode changed = document.deepCopy();
        put(changed, List.of(pair.substring(0, equals).strip().split("\\.", -1)), value, "");
        return new SettingsEdit(changed, revision);
    }

    /** The name of a server parameter may hold dots itself: below them a path ends. */
    private static void put(ObjectNode at, List<String> path, JsonNode value, String above) {
        boolean ends = path.size() == 1 || above.equals(".postgresql.parameters");
        String key = ends ? String.join(".", path) : path.getFirst();
        if (ends) {
            if (value.isNull()) {
                at.remove(key);
            } else {
                at.set(key, value);
            }
            return;
        }
        ObjectNode below = at.path(key) instanceof ObjectNode present ? present : at.putObject(key);
        put(below, path.subList(1, path.size()), value, above + "." + key);
        if (below.isEmpty()) {
            at.remove(key);
        }
    }

    private static JsonNode yaml(String text, String source) throws CommandFailed {
        try {
            return YamlText.json(text);
        } catch (IllegalArgumentException e) {
            throw new CommandFailed("cannot read %s: %s".formatted(source, e.getMessage()));
        }
    }

    String yaml() {
        return YamlOut.sorted(document);
    }

    /**
     * What agents would change on reading it, or what would have no effect; a sentence each.
     *
     * @throws CommandFailed if it has values that they would not understand and {@code before} has not
     */
    List<String> warnings(SettingsEdit before) throws CommandFailed {
        String text = document.toString();
        try {
            Optional<String> objection = SettingsCheck.objection(before.document.toString(), text);
            if (objection.isPresent()) {
                throw new CommandFailed("cannot use these settings: " + objection.get());
            }
            List<String> warnings =
                    new ArrayList<>(ClusterCodec.settings(text, revision).warnings());
            warnings.addAll(ClusterSection.of(text).warnings());
            return warnings;
        } catch (IllegalArgumentException e) {
            throw new CommandFailed("cannot use these settings: " + e.getMessage());
        }
    }
}
