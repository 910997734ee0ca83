package pgha.rest.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import pgha.dcs.model.ClusterView;
import pgha.rest.RestConfig;
import pgha.rest.RestConfig.VerifyClient;

/**
 * Says who may use the verbs that change something: by address, then by certificate, then by password.
 *
 * <p>Immutable. Host names of the list were resolved when this was made, which may have taken its time.
 */
final class Authorizer {
    private final RestConfig config;
    private final List<Network> allowed;

    private final MemberAddresses members;

    Authorizer(RestConfig config, MemberAddresses members) {
        this.config = config;
        this.members = members;
        this.allowed = config.allowlist().stream().flatMap(Network::parse).toList();
    }

    /** The refusal, or empty if the request may go on. */
    Optional<Response> objection(Request request, ClusterView view) {
        // A leader in trouble has to be heard even if the store, of which the members are known, is what fails.
        boolean membersToo = config.allowMembers() && !request.firstSegment().equals("failsafe");
        boolean restricted = !config.allowlist().isEmpty() || membersToo;
        if (restricted && !isAllowed(request, view, membersToo)) {
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

    private boolean isAllowed(Request request, ClusterView view, boolean membersToo) {
        return allowed.stream().anyMatch(network -> network.contains(request.client()))
                || (membersToo && members.contain(request.client(), view));
    }
}
