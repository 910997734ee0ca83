package pgha.dcs.model;

import java.util.Optional;

/**
 * That the cluster is a copy of one outside: its leader stays in recovery and reads from there, as Patroni's section
 * {@code standby_cluster} says.
 *
 * <p>Immutable. How recovery is done beyond that ({@code restore_command} and the like) is the servers' business alone.
 *
 * @param remote where the leader reads from, one host or several with commas between them; empty if all comes from an
 *     archive
 * @param slot the leader's replication slot there; empty for none
 */
public record StandbyCluster(Optional<HostPort> remote, Optional<String> slot) {

    @Override
    public String toString() {
        return remote.map(HostPort::toString).orElse("an archive");
    }
}
