package pgha.lab.soak;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import pgha.lab.LabException;

/**
 * Reads from what etcd says, in etcdctl's JSON, who led and what was published when the leader key left somebody.
 *
 * <p>Told by one thread, asked by any.
 */
final class LeaderLog {
    private static final JsonMapper JSON = new JsonMapper();

    private final String leaderKey;
    private final String statusKey;
    private final List<Handover> handovers = new ArrayList<>();
    private Optional<String> leader = Optional.empty();
    private long published;

    LeaderLog(String scope) {
        this.leaderKey = "/service/" + scope + "/leader";
        this.statusKey = "/service/" + scope + "/status";
    }

    /** All handovers so far, in their order. */
    synchronized List<Handover> handovers() {
        return List.copyOf(handovers);
    }

    /** All keys as they are, for a beginning and after a gap; returns their revision. */
    synchronized long snapshot(String json, long at) {
        JsonNode reply = parse(json);
        Optional<String> present = Optional.empty();
        Optional<String> status = Optional.empty();
        for (JsonNode pair : reply.path("kvs")) {
            if (text(pair, "key").equals(leaderKey)) {
                present = Optional.of(text(pair, "value"));
            } else if (text(pair, "key").equals(statusKey)) {
                status = Optional.of(text(pair, "value"));
            }
        }
        // What was published in the gap may be another's.
        leads(present, at);
        status.ifPresent(this::publishes);
        return reply.path("header").path("revision").asLong();
    }

    /** One line of a watch: changes in their order. A release puts its last status before it deletes the key. */
    synchronized void changes(String json, long at) {
        for (JsonNode event : parse(json).path("Events")) {
            JsonNode pair = event.path("kv");
            boolean deleted = event.path("type").asInt() == 1;
            if (text(pair, "key").equals(leaderKey)) {
                leads(deleted ? Optional.empty() : Optional.of(text(pair, "value")), at);
            } else if (text(pair, "key").equals(statusKey) && !deleted) {
                publishes(text(pair, "value"));
            }
        }
    }

    private void leads(Optional<String> next, long at) {
        leader.filter(former -> !next.equals(Optional.of(former)))
                .ifPresent(former -> handovers.add(new Handover(former, published, at)));
        leader = next;
    }

    private void publishes(String status) {
        published = parse(status).path("optime").asLong();
    }

    private static String text(JsonNode pair, String field) {
        return new String(Base64.getDecoder().decode(pair.path(field).asText()), StandardCharsets.UTF_8);
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new LabException("cannot read what etcd said: " + json, e);
        }
    }
}
