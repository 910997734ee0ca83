package pgha.rest.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * One HTTP answer.
 *
 * <p>Immutable.
 *
 * @param bare only the status line is sent: no header, no body
 */
record Response(int code, String contentType, String body, Map<String, String> headers, boolean bare) {
    Response {
        headers = Map.copyOf(headers);
    }

    static Response json(int code, JsonNode body) {
        return new Response(code, "application/json", body.toString(), Map.of(), false);
    }

    /** JSON that is text already. */
    static Response json(int code, String body) {
        return new Response(code, "application/json", body, Map.of(), false);
    }

    /** A message; of the type that Patroni gives to its messages. */
    static Response text(int code, String message) {
        return new Response(code, "text/html", message, Map.of(), false);
    }

    /** What is for programs and is not JSON. */
    static Response plain(String body) {
        return new Response(200, "text/plain", body, Map.of(), false);
    }

    static Response statusLine(int code) {
        return new Response(code, "", "", Map.of(), true);
    }

    Response with(String header, String value) {
        return new Response(code, contentType, body, Map.of(header, value), bare);
    }
}
