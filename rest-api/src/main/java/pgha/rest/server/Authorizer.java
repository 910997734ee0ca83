package pgha.rest.server;

import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import pgha.dcs.model.ClusterView;
import pgha.dcs.model.Member;
import pgha.rest.RestConfig;
import pgha.rest.RestConfig.VerifyClient;

/**
 * Says who may use the verbs that change something: by address, then by certificate, then by password.
 *
 * <p>Immutable. Host names of the list were resolved when this was made. Members' addresses count as they are written
 * in their {@code api_url}; a host name there is not resolved, since that could wait.
 */
final class Authorizer {
    private final RestConfig config;
    private final List<Network> allowed;

    Authorizer(RestConfig config) {
        this.config = config;
        this.allowed = config.allowlist().stream().flatMap(Network::parse).toList();
    }

    /** The refusal, or empty if the request may go on. */
    Optional<Response> objection(Request request, ClusterView view) {
        boolean restricted = !config.allowlist().isEmpty() || config.allowMembers();
        if (restricted && !isAllowed(request.client(), view)) {
            return Optional.of(Response.text(403, "Access is denied"));
        }
        boolean wantsCertificate = config.tls()
                .filter(tls -> tls.verifyClient() != VerifyClient.NONE)
                .isPresent();
        if (wantsCertificate && !request.clientCertificate()) {
            return Optional.of(Response.text(403, "client certificate required"));
        }
        return config.auth().flatMap(auth -> objectionTo(request.authorization(), auth));
    }

    private static Optional<Response> objectionTo(Optional<String> given, RestConfig.BasicAuth auth) {
        if (given.isEmpty()) {
            return Optional.of(unauthorized("no auth header received"));
        }
        String expected = "Basic " + Base64.getEncoder().encodeToString(bytes(auth.user() + ":" + auth.password()));
        // Compares in constant time, so that the time of the answer tells nothing of the password.
        return MessageDigest.isEqual(bytes(expected), bytes(given.get()))
                ? Optional.empty()
                : Optional.of(unauthorized("not authenticated"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Response unauthorized(String message) {
        return Response.text(401, message).with("WWW-Authenticate", "Basic realm=\"Patroni\"");
    }

    private boolean isAllowed(InetAddress client, ClusterView view) {
        Stream<Network> members = config.allowMembers() ? memberAddresses(view) : Stream.empty();
        return Stream.concat(allowed.stream(), members).anyMatch(network -> network.contains(client));
    }

    private static Stream<Network> memberAddresses(ClusterView view) {
        return view.members().values().stream()
                .map(Member::apiUrl)
                .flatMap(Optional::stream)
                .flatMap(url -> hostOf(url).stream())
                .filter(Network::isAddress)
                .flatMap(Network::parse);
    }

    private static Optional<String> hostOf(String url) {
        try {
            return Optional.ofNullable(URI.create(url).getHost()).map(host -> host.replaceAll("[\\[\\]]", ""));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
