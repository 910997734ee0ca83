package pgha.rest.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.ScheduledTime;

/**
 * Reads the body of a command field by field, and remembers the first thing that is wrong with it.
 *
 * <p>Confined to one request. After the last field has been read, {@link #objection} is the answer to a wrong body: one
 * sentence that names the field. Fields that nobody asks for are no objection: other versions may know them.
 */
final class JsonBody {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int LONGEST_EXCERPT = 60;

    private final ObjectNode json;
    private @Nullable Response objection;

    private JsonBody(ObjectNode json, @Nullable Response objection) {
        this.json = json;
        this.objection = objection;
    }

    /** The body of a request that must have one, with something in it. */
    static JsonBody required(Request request) {
        JsonBody body = optional(request);
        if (request.body().isEmpty()) {
            body.objection = Response.text(411, "Length Required");
        } else if (body.objection == null && body.json.isEmpty()) {
            body.objection = Response.text(400, "cannot read the body: it is empty; send a JSON object");
        }
        return body;
    }

    /** The body of a request that may do without. */
    static JsonBody optional(Request request) {
        String text = request.body().orElse("").strip();
        ObjectNode empty = JsonNodeFactory.instance.objectNode();
        if (text.isEmpty()) {
            return new JsonBody(empty, null);
        }
        try {
            if (MAPPER.readTree(text) instanceof ObjectNode object) {
                return new JsonBody(object, null);
            }
            return new JsonBody(empty, wrong("cannot read the body: it is JSON, but no object"));
        } catch (JsonProcessingException e) {
            return new JsonBody(empty, wrong("cannot read the body: it is not JSON; send a JSON object"));
        }
    }

    /** A text; a number or truth value is taken as it is written; absent, null and empty are the same. */
    Optional<String> text(String field) {
        JsonNode value = json.path(field);
        if (value.isContainerNode()) {
            object("%s: expected a text, found %s".formatted(field, value.isArray() ? "a list" : "an object"));
            return Optional.empty();
        }
        return Optional.of(value.isNull() ? "" : value.asText("")).filter(text -> !text.isEmpty());
    }

    /** A truth value, or a text of one as Patroni takes them; absent, null and empty are the same. */
    Optional<Boolean> truth(String field) {
        Optional<String> text = text(field);
        Optional<Boolean> truth = text.flatMap(JsonBody::truthOf);
        if (text.isPresent() && truth.isEmpty()) {
            object("%s: expected true or false, found %s".formatted(field, excerpt(field)));
        }
        return truth;
    }

    private static Optional<Boolean> truthOf(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true", "on", "yes", "1" -> Optional.of(true);
            case "false", "off", "no", "0" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private String excerpt(String field) {
        String found = json.path(field).toString();
        return found.length() > LONGEST_EXCERPT ? found.substring(0, LONGEST_EXCERPT) + "..." : found;
    }

    Optional<MemberName> name(String field) {
        Optional<String> text = text(field);
        try {
            return text.map(MemberName::new);
        } catch (IllegalArgumentException e) {
            object(field + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    /** A time of day with its zone, at which {@code action} is to happen; texts of refusals are Patroni's. */
    Optional<ScheduledTime> time(String field, String action) {
        JsonNode value = json.path(field);
        if (value.isNumber() || value.isBoolean()) {
            object("%s: expected a time such as \"2026-01-01T12:00:00+00:00\", found %s"
                    .formatted(field, excerpt(field)));
            return Optional.empty();
        }
        Optional<String> text = text(field);
        Optional<ScheduledTime> time = text.flatMap(ScheduledTime::parse);
        if (text.isPresent() && time.isEmpty()) {
            object(Response.text(
                    422, "Unable to parse scheduled timestamp. It should be in an unambiguous format, e.g. ISO 8601"));
        } else if (time.isPresent() && time.get().zone().isEmpty()) {
            object("Timezone information is mandatory for the scheduled " + action);
        }
        return time;
    }

    /** The names of its fields, in their order. */
    List<String> fields() {
        return json.properties().stream().map(Map.Entry::getKey).toList();
    }

    /** The whole body, as it is. */
    String json() {
        return json.toString();
    }

    private void object(String sentence) {
        object(wrong(sentence));
    }

    private void object(Response answer) {
        if (objection == null) {
            objection = answer;
        }
    }

    private static Response wrong(String sentence) {
        return Response.text(400, sentence);
    }

    /** What is wrong with the body, if anything is. */
    Optional<Response> objection() {
        return Optional.ofNullable(objection);
    }
}
