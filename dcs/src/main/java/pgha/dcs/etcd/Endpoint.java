package pgha.dcs.etcd;

import java.util.Optional;
import pgha.dcs.DcsConfig.Tls;
import pgha.dcs.model.HostPort;

/**
 * Where one member of etcd serves clients, and how it is spoken to. Immutable.
 *
 * @param tls present if it speaks TLS
 * @param rank those of a higher one are for when none of the lower ones answers; a priority of SRV, if DNS named it
 */
record Endpoint(HostPort at, Optional<Tls> tls, int rank) {
    private static final int FIRST = 0;

    /** After every priority that DNS can give. */
    private static final int LAST = 1 << 16;

    static Endpoint configured(HostPort at, Optional<Tls> tls) {
        return new Endpoint(at, tls, FIRST);
    }

    static Endpoint standIn(HostPort at, Optional<Tls> tls) {
        return new Endpoint(at, tls, LAST);
    }

    /** The address alone, as sentences name it. */
    @Override
    public String toString() {
        return at.toString();
    }
}
