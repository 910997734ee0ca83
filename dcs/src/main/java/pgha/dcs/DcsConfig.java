package pgha.dcs;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import pgha.dcs.model.HostPort;

/**
 * How to reach the store, and where in it the cluster lives.
 *
 * <p>Immutable.
 *
 * @param endpoints tried in this order, beginning anywhere
 * @param tls present if the endpoints speak TLS
 * @param prefix {@code /namespace/scope/}, with both slashes at the ends
 */
public record DcsConfig(List<HostPort> endpoints, Optional<Tls> tls, Optional<Credentials> credentials, String prefix) {

    /** Certificates as PEM files; re-read whenever a connection is made. */
    public record Tls(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {}

    /** User and password of etcd's own authentication. */
    public record Credentials(String user, String password) {
        @Override
        public String toString() {
            return user + ":***";
        }
    }

    public DcsConfig {
        endpoints = List.copyOf(endpoints);
    }

    /** {@code /namespace/scope/} with runs of slashes collapsed, as Patroni spells it. */
    public static String prefixOf(String namespace, String scope) {
        return ("/" + namespace + "/" + scope + "/").replaceAll("/+", "/");
    }
}
