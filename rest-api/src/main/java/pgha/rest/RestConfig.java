package pgha.rest;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import pgha.dcs.model.HostPort;
import pgha.rest.tls.Identity;

/**
 * Where the HTTP server listens, and who may use the verbs that change something.
 *
 * <p>Immutable.
 *
 * @param listen host {@code *} or {@code 0.0.0.0} or {@code ::} for all addresses
 * @param allowlist who may use unsafe verbs, and nobody else: addresses, networks in CIDR form, host names; empty for
 *     everybody
 * @param allowMembers whether the members' own addresses are on the list too; this alone closes it for others
 * @param headers what answers say of the server, beyond their own
 */
public record RestConfig(
        HostPort listen,
        HostPort connectAddress,
        Optional<BasicAuth> auth,
        Optional<Tls> tls,
        List<String> allowlist,
        boolean allowMembers,
        Headers headers) {

    /**
     * Headers that go with every answer but a bare status line.
     *
     * @param extra name and value, as they are sent
     */
    public record Headers(ServerTokens server, SortedMap<String, String> extra) {
        public static final Headers PLAIN = new Headers(ServerTokens.ORIGINAL, Collections.emptySortedMap());

        public Headers {
            extra = Collections.unmodifiableSortedMap(new TreeMap<>(extra));
        }
    }

    /** How much the header {@code Server} tells. */
    public enum ServerTokens {
        /** Our name and version. */
        ORIGINAL,
        /** Patroni's name and our version. */
        MINIMAL,
        /** Patroni's name. */
        PRODUCTONLY
    }

    /** User and password for unsafe verbs. */
    public record BasicAuth(String user, String password) {
        @Override
        public String toString() {
            return user + ":***";
        }
    }

    /**
     * What HTTPS is served with; present turns it on.
     *
     * @param ca whom client certificates must come from
     * @param ciphers as OpenSSL's cipher lists, for TLS 1.2
     */
    public record Tls(Identity identity, Optional<Path> ca, VerifyClient verifyClient, Optional<String> ciphers) {}

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

    /** Whether everybody who can connect may change something. */
    public boolean writesAreOpen() {
        boolean wantsCertificate =
                tls.filter(files -> files.verifyClient() != VerifyClient.NONE).isPresent();
        return auth.isEmpty() && allowlist.isEmpty() && !allowMembers && !wantsCertificate;
    }

    public String scheme() {
        return tls.isPresent() ? "https" : "http";
    }

    /** What the member publishes as its {@code api_url}. */
    public String apiUrl() {
        return scheme() + "://" + connectAddress + "/patroni";
    }
}
