package pgha.rest;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import pgha.dcs.model.HostPort;

/**
 * Where the HTTP server listens, and who may use the verbs that change something.
 *
 * <p>Immutable.
 *
 * @param listen host {@code *} or {@code 0.0.0.0} or {@code ::} for all addresses
 * @param allowlist who may use unsafe verbs, and nobody else: addresses, networks in CIDR form, host names; empty for
 *     everybody
 * @param allowMembers whether the members' own addresses are on the list too; this alone closes it for others
 */
public record RestConfig(
        HostPort listen,
        HostPort connectAddress,
        Optional<BasicAuth> auth,
        Optional<Tls> tls,
        List<String> allowlist,
        boolean allowMembers) {

    /** User and password for unsafe verbs. */
    public record BasicAuth(String user, String password) {
        @Override
        public String toString() {
            return user + ":***";
        }
    }

    /**
     * PEM files; present turns HTTPS on.
     *
     * @param key absent if the certificate's file holds the key too
     * @param ca whom client certificates must come from
     */
    public record Tls(Path certificate, Optional<Path> key, Optional<Path> ca, VerifyClient verifyClient) {}

    /** What is asked of a client's certificate. */
    public enum VerifyClient {
        NONE,
        /** Unsafe verbs need one. */
        OPTIONAL,
        /** The handshake needs one. */
        REQUIRED
    }

    public RestConfig {
        allowlist = List.copyOf(allowlist);
    }

    public String scheme() {
        return tls.isPresent() ? "https" : "http";
    }

    /** What the member publishes as its {@code api_url}. */
    public String apiUrl() {
        return scheme() + "://" + connectAddress + "/patroni";
    }
}
