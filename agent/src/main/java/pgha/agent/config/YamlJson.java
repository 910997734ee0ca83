package pgha.agent.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import pgha.agent.config.YamlValue.Kind;
import pgha.agent.config.YamlValue.Mapping;
import pgha.agent.config.YamlValue.Place;
import pgha.agent.config.YamlValue.Scalar;
import pgha.agent.config.YamlValue.Sequence;

/** Turns YAML into the JSON that Patroni would store for it, and back. Pure. */
final class YamlJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private YamlJson() {}

    static JsonNode of(YamlValue value) {
        return switch (value) {
            case Mapping mapping -> {
                ObjectNode object = JSON.objectNode();
                mapping.entries().forEach((key, inner) -> object.set(key, of(inner)));
                yield object;
            }
            case Sequence sequence -> {
                ArrayNode array = JSON.arrayNode();
                sequence.items().forEach(item -> array.add(of(item)));
                yield array;
            }
            case Scalar scalar -> of(scalar);
        };
    }

    /** What is in the store, as if it were written in a file. */
    static YamlValue of(Place place, JsonNode value) {
        if (value.isObject()) {
            Map<String, YamlValue> entries = new LinkedHashMap<>();
            value.properties().forEach(field -> entries.put(field.getKey(), of(place, field.getValue())));
            return new Mapping(place, entries);
        }
        if (value.isArray()) {
            return new Sequence(
                    place, value.valueStream().map(item -> of(place, item)).toList());
        }
        return new Scalar(place, kind(value), value.isNull() ? "" : value.asText());
    }

    private static Kind kind(JsonNode scalar) {
        if (scalar.isNull()) {
            return Kind.NOTHING;
        }
        if (scalar.isBoolean()) {
            return Kind.TRUTH;
        }
        if (scalar.isNumber()) {
            return scalar.isIntegralNumber() ? Kind.WHOLE : Kind.REAL;
        }
        return Kind.TEXT;
    }

    private static JsonNode of(Scalar scalar) {
        String text = scalar.text();
        return switch (scalar.kind()) {
            case NOTHING -> JSON.nullNode();
            case TRUTH -> JSON.booleanNode(text.equals("true"));
            case TEXT -> JSON.textNode(text);
            case WHOLE -> whole(text);
            case REAL ->
                text.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?")
                        ? JSON.numberNode(new BigDecimal(text))
                        : JSON.textNode(text);
        };
    }

    /** Decimal, 0x, 0b, and octal with a leading zero; the sexagesimal numbers of YAML 1.1 stay text. */
    private static JsonNode whole(String text) {
        String digits = text.replaceFirst("^[-+]", "");
        try {
            BigInteger magnitude;
            if (digits.startsWith("0x")) {
                magnitude = new BigInteger(digits.substring(2), 16);
            } else if (digits.startsWith("0b")) {
                magnitude = new BigInteger(digits.substring(2), 2);
            } else {
                magnitude = new BigInteger(digits, digits.startsWith("0") && digits.length() > 1 ? 8 : 10);
            }
            return JSON.numberNode(text.startsWith("-") ? magnitude.negate() : magnitude);
        } catch (NumberFormatException e) {
            return JSON.textNode(text);
        }
    }
}
