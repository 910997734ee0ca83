package pgha.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;
import pgha.dcs.model.MemberName;

/**
 * The body of {@code POST /failsafe}: a leader that the store does not answer asks to go on.
 *
 * <p>Immutable. Patroni's, but for {@code ttl}, in seconds, which it neither sends nor reads.
 *
 * @param ttl for how long a yes would prolong the leader's term, if it says so
 */
public record FailsafeRequest(MemberName name, String connUrl, String apiUrl, Optional<Duration> ttl) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int LONGEST_TTL_SECONDS = 86_400;

    public String json() {
        ObjectNode body = MAPPER.createObjectNode();
        body.put("name", name.value());
        body.put("conn_url", connUrl);
        body.put("api_url", apiUrl);
        body.putObject("slots");
        ttl.ifPresent(duration -> body.put("ttl", duration.toSeconds()));
        return body.toString();
    }

    /** @throws IllegalArgumentException with one sentence that names the field */
    public static FailsafeRequest parse(String text) {
        JsonNode body;
        try {
            body = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot read the body: it is not JSON", e);
        }
        if (!body.path("name").isTextual()) {
            throw new IllegalArgumentException("cannot read the body: \"name\" is missing or not a string");
        }
        JsonNode ttl = body.path("ttl");
        boolean strange = !ttl.isMissingNode()
                && !(ttl.isIntegralNumber() && ttl.asLong() > 0 && ttl.asLong() <= LONGEST_TTL_SECONDS);
        if (strange) {
            throw new IllegalArgumentException("cannot read the body: \"ttl\" is not a number of seconds");
        }
        return new FailsafeRequest(
                new MemberName(body.path("name").asText()),
                body.path("conn_url").asText(""),
                body.path("api_url").asText(""),
                ttl.isMissingNode() ? Optional.empty() : Optional.of(Duration.ofSeconds(ttl.asLong())));
    }
}
