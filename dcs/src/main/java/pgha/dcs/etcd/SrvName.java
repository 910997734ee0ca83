package pgha.dcs.etcd;

import java.util.Optional;

/**
 * The services under which DNS may name etcd, in the order in which they are looked up, which is Patroni's.
 *
 * <p>The names of the first two and of the last two are etcd's own ("DNS discovery" in its documentation): for its
 * clients, and for its members, who find each other by them when a cluster begins.
 */
enum SrvName {
    CLIENT_TLS("-client-ssl"),
    CLIENT("-client"),
    ANY_TLS("-ssl"),
    ANY(""),
    PEER_TLS("-server-ssl"),
    PEER("-server");

    private final String ending;

    SrvName(String ending) {
        this.ending = ending;
    }

    boolean isSecure() {
        return ending.endsWith("-ssl");
    }

    /** Whether the records name ports for members, who have to be asked where they serve clients. */
    boolean isOfPeers() {
        return ending.startsWith("-server");
    }

    String name(String domain, Optional<String> suffix) {
        return "_etcd%s%s._tcp.%s".formatted(ending, suffix.map(s -> "-" + s).orElse(""), domain);
    }
}
