package pgha.rest.server;

import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One HTTP request, complete.
 *
 * <p>Immutable.
 *
 * @param path begins with exactly one slash, without the query
 * @param body empty if no length was given, which is not the same as a body of length zero
 * @param clientCertificate whether the client showed a certificate of our authority
 */
record Request(
        String method,
        String path,
        SortedMap<String, String> query,
        Optional<String> authorization,
        Optional<String> body,
        InetAddress client,
        boolean clientCertificate) {

    /** The part of the path that selects an endpoint: {@code patroni} for {@code /patroni/x}. */
    String firstSegment() {
        int end = path.indexOf('/', 1);
        return end < 0 ? path.substring(1) : path.substring(1, end);
    }

    /** The path of a request target: the query, a scheme and host, and slashes beyond the first are cut off. */
    static String pathOf(String target) {
        String path = target.replaceFirst("^https?://[^/?]*", "").replaceFirst("[?#].*$", "");
        return "/" + path.replaceFirst("^/+", "");
    }

    /** The query of a request target; of a repeated name the last value counts. */
    static SortedMap<String, String> queryOf(String target) {
        int start = target.indexOf('?');
        Map<String, String> query = new LinkedHashMap<>();
        if (start >= 0) {
            Arrays.stream(target.substring(start + 1).split("&", -1))
                    .filter(pair -> !pair.isEmpty())
                    .map(pair -> pair.split("=", 2))
                    .forEach(pair -> query.put(decode(pair[0]), pair.length > 1 ? decode(pair[1]) : ""));
        }
        return new TreeMap<>(query);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
