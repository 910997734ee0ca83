package pgha.agent.postgres;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import pgha.dcs.model.HostPort;
import pgha.dcs.model.MemberName;

/**
 * What this package has to know of the node's file and of the cluster's settings, merged.
 *
 * <p>Immutable.
 *
 * @param scope the cluster's name, which PostgreSQL shows in its process titles
 * @param configDir where postgresql.conf, pg_hba.conf and pg_ident.conf are; usually the data directory
 * @param configBaseName what postgresql.conf is called there, without its ending
 * @param binDir where PostgreSQL's programs are; empty to search the path
 * @param runtimeDir a directory of ours on this host, for pipes, locks and passing files
 * @param logDir where the output of the postmaster goes until its own log begins
 * @param listenAddresses as {@code listen_addresses} has them
 * @param connectAddress what other members reach us at
 * @param kerberosServiceName with which servers are known to Kerberos, where that is not libpq's default
 * @param parameters server parameters, values as PostgreSQL reads them
 * @param customConf what postgresql.conf includes in the place of what initdb wrote; beside it if relative
 * @param pgHba the whole file; empty if the file is not ours to write
 * @param pgIdent likewise
 * @param pgpass a file of passwords that libpq reads; other people's lines in it stay
 * @param onPrimary what differs while it is a primary
 * @param onReplica what differs while it is in recovery: a replica, or the leader of a standby cluster
 * @param replicaMethods how the data of a replica is made, the first to be tried first; one at least
 * @param rewindOptions for pg_rewind, each with its dashes
 * @param startTimeout how long a start may take before it is reported as failed, though it goes on
 * @param hooks the operator's programs
 */
public record PostgresConfig(
        String scope,
        MemberName name,
        Path dataDir,
        Path configDir,
        String configBaseName,
        Optional<Path> binDir,
        Path runtimeDir,
        Path logDir,
        String listenAddresses,
        int port,
        HostPort connectAddress,
        String database,
        Optional<String> kerberosServiceName,
        Credentials superuser,
        Credentials replication,
        Optional<Credentials> rewind,
        SortedMap<String, String> parameters,
        Optional<Path> customConf,
        Optional<List<String>> pgHba,
        Optional<List<String>> pgIdent,
        ForRole onPrimary,
        ForRole onReplica,
        Path pgpass,
        boolean useUnixSocket,
        boolean useUnixSocketRepl,
        Bootstrap bootstrap,
        List<ReplicaMethod> replicaMethods,
        List<String> basebackupOptions,
        List<String> rewindOptions,
        Duration startTimeout,
        Hooks hooks) {

    /**
     * A role that we connect as.
     *
     * @param options further libpq keywords, such as {@code sslmode}
     */
    public record Credentials(String username, Optional<String> password, SortedMap<String, String> options) {
        public Credentials {
            options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
        }

        /** Without the password, which must not come into a log. */
        @Override
        public String toString() {
            return username;
        }
    }

    /**
     * What differs in one role.
     *
     * @param parameters over those of every role
     * @param pgHba the whole file, in the place of that of every role
     * @param pgIdent likewise
     */
    public record ForRole(
            SortedMap<String, String> parameters, Optional<List<String>> pgHba, Optional<List<String>> pgIdent) {
        public static final ForRole NOTHING =
                new ForRole(Collections.emptySortedMap(), Optional.empty(), Optional.empty());

        public ForRole {
            parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
            pgHba = pgHba.map(List::copyOf);
            pgIdent = pgIdent.map(List::copyOf);
        }
    }

    /**
     * How a new cluster begins.
     *
     * @param initdbOptions each with its dashes, such as {@code --encoding=UTF8}
     * @param pgHba lines for the end of the first pg_hba.conf
     * @param postBootstrap a command line, split as a shell would, but run without one
     * @param program what makes it; empty for initdb
     */
    public record Bootstrap(
            List<String> initdbOptions,
            List<String> pgHba,
            Optional<String> postBootstrap,
            Optional<BootstrapProgram> program) {
        public static final Bootstrap NONE = new Bootstrap(List.of(), List.of(), Optional.empty(), Optional.empty());

        public Bootstrap {
            initdbOptions = List.copyOf(initdbOptions);
            pgHba = List.copyOf(pgHba);
        }
    }

    public PostgresConfig {
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        pgHba = pgHba.map(List::copyOf);
        pgIdent = pgIdent.map(List::copyOf);
        replicaMethods = List.copyOf(replicaMethods);
        basebackupOptions = List.copyOf(basebackupOptions);
        rewindOptions = List.copyOf(rewindOptions);
    }

    /** With what the role says, which is then said. */
    public PostgresConfig as(boolean replica) {
        ForRole role = replica ? onReplica : onPrimary;
        SortedMap<String, String> all = new TreeMap<>(parameters);
        all.putAll(role.parameters());
        return new PostgresConfig(
                scope,
                name,
                dataDir,
                configDir,
                configBaseName,
                binDir,
                runtimeDir,
                logDir,
                listenAddresses,
                port,
                connectAddress,
                database,
                kerberosServiceName,
                superuser,
                replication,
                rewind,
                all,
                customConf,
                role.pgHba().or(() -> pgHba),
                role.pgIdent().or(() -> pgIdent),
                ForRole.NOTHING,
                ForRole.NOTHING,
                pgpass,
                useUnixSocket,
                useUnixSocketRepl,
                bootstrap,
                replicaMethods,
                basebackupOptions,
                rewindOptions,
                startTimeout,
                hooks);
    }

    /** Whom pg_rewind connects as. */
    Credentials rewindUser() {
        return rewind.orElse(superuser);
    }

    /** Where PostgreSQL is reached over TCP from this host. */
    String localHost() {
        for (String address : listenAddresses.split(",", -1)) {
            if (List.of("*", "localhost", "0.0.0.0", "127.0.0.1").contains(address.strip())) {
                return "localhost";
            }
        }
        return listenAddresses.split(",", -1)[0].strip();
    }
}
