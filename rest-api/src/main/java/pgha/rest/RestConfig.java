package pgha.rest;

import java.nio.file.Path;
import java.util.Optional;
import pgha.dcs.model.HostPort;

/**
 * Where the HTTP server listens, and who may use the verbs that change something.
 *
 * <p>Immutable.
 *
 * @param listen host {@code *} or {@code 0.0.0.0} or {@code ::} for all addresses
 */
public record RestConfig(HostPort listen, HostPort connectAddress, Optional<BasicAuth> auth, Optional<Tls> tls) {

    /** User and password for unsafe verbs. */
    public record BasicAuth(String user, String password) {
        @Override
        public String toString() {
            return user + ":***";
        }
    }

    /** PEM files; present turns HTTPS on. */
    public record Tls(Path certificate, Optional<Path> key, Optional<Path> ca) {}

    public String scheme() {
        return tls.isPresent() ? "https" : "http";
    }

    /** What the member publishes as its {@code api_url}. */
    public String apiUrl() {
        return scheme() + "://" + connectAddress + "/patroni";
    }
}
