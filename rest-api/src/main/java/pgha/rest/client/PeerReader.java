package pgha.rest.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import pgha.dcs.model.Lsn;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Role;
import pgha.dcs.model.RunState;
import pgha.dcs.model.SystemIdentifier;
import pgha.dcs.model.Tags;
import pgha.dcs.model.Timeline;

/**
 * Reads a peer's status document.
 *
 * <p>Pure and lenient: what is missing or strange is absent. Documents of Patroni, old ones with {@code wal} and
 * {@code master} included, are read like our own.
 */
final class PeerReader {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private PeerReader() {}

    static PeerReply read(MemberName asked, HttpReply reply) {
        return switch (reply) {
            case HttpReply.NoReply none -> new PeerReply.Silent(asked, none.cause());
            case HttpReply.Answered answered -> read(asked, answered.body());
        };
    }

    private static PeerReply read(MemberName asked, String body) {
        JsonNode document;
        try {
            document = MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            return new PeerReply.Silent(asked, "the answer is not JSON");
        }
        String name = document.path("patroni").path("name").asText(asked.value());
        if (!document.isObject() || !document.has("role")) {
            return new PeerReply.Silent(asked, "the answer is not a status document");
        }
        if (!name.equals(asked.value())) {
            return new PeerReply.Silent(asked, "\"" + name + "\" answers at its address");
        }
        return read(asked, document);
    }

    private static PeerReply.Said read(MemberName name, JsonNode document) {
        JsonNode xlog = document.has("xlog") ? document.path("xlog") : document.path("wal");
        String id = document.path("database_system_identifier").asText("");
        Role role = Role.of(document.path("role").asText(""));
        int timeline = document.path("timeline").asInt(0);
        return new PeerReply.Said(
                name,
                RunState.of(document.path("state").asText("")),
                role,
                role == Role.PRIMARY || document.path("may_write").asBoolean(false),
                xlog.isObject(),
                timeline > 0 ? Optional.of(new Timeline(timeline)) : Optional.empty(),
                lsn(xlog.path("location")),
                lsn(xlog.path("received_location")),
                lsn(xlog.path("replayed_location")),
                xlog.path("complete").asBoolean(true),
                text(document.path("replication_state")),
                age(document.path("observed_age_ms")),
                tags(document.path("tags")),
                document.path("watchdog_failed").asBoolean(false),
                document.path("pause").asBoolean(false),
                SystemIdentifier.isValid(id) ? Optional.of(new SystemIdentifier(id)) : Optional.empty());
    }

    private static Optional<Duration> age(JsonNode node) {
        return node.isIntegralNumber() ? Optional.of(Duration.ofMillis(node.asLong())) : Optional.empty();
    }

    private static Optional<Lsn> lsn(JsonNode node) {
        return node.isIntegralNumber() ? Optional.of(new Lsn(node.asLong())) : Optional.empty();
    }

    private static Optional<String> text(JsonNode node) {
        return node.isTextual() ? Optional.of(node.asText()) : Optional.empty();
    }

    private static Tags tags(JsonNode node) {
        Map<String, String> tags = new TreeMap<>();
        node.properties().forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
        return Tags.of(tags);
    }
}
