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
 * @param endpoints tried in this order, beginning anywhere; beside {@code srv}, while DNS names none
 * @param tls present if the endpoints speak TLS; DNS then must not name any that do not
 * @param prefix {@code /namespace/scope/}, with both slashes at the ends
 * @param srv present if DNS is asked where etcd is
 */
public record DcsConfig(
        List<HostPort> endpoints,
        Optional<Tls> tls,
        Optional<Credentials> credentials,
        String prefix,
        Optional<Srv> srv) {

    /**
     * Where in DNS etcd's SRV records are, as etcd's documentation has them ("DNS discovery").
     *
     * @param suffix at the end of the name of the service, for one of several clusters in a domain
     * @param tls what to use if the records are of a service that speaks TLS
     */
    public record Srv(String domain, Optional<String> suffix, Tls tls) {}

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

    /** Of endpoints that are written down. */
    public DcsConfig(List<HostPort> endpoints, Optional<Tls> tls, Optional<Credentials> credentials, String prefix) {
        this(endpoints, tls, credentials, prefix, Optional.empty());
    }

    /** The same etcd, another cluster in it. */
    public DcsConfig withPrefix(String other) {
        return new DcsConfig(endpoints, tls, credentials, other, srv);
    }

    /** Where etcd is, for a sentence. */
    public String whereabouts() {
        return srv.map(records -> "the SRV records of " + records.domain()).orElseGet(endpoints::toString);
    }

    /** {@code /namespace/scope/} with runs of slashes collapsed, as Patroni spells it. */
    public static String prefixOf(String namespace, String scope) {
        return ("/" + namespace + "/" + scope + "/").replaceAll("/+", "/");
    }
}
