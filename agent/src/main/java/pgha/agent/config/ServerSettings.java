package pgha.agent.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import pgha.dcs.codec.Scalars;

/**
 * What a node's file and the settings of the cluster may both say of PostgreSQL, under {@code postgresql}.
 *
 * <p>Immutable. A key without a value, and an empty list or mapping, says nothing.
 *
 * @param database the one for maintenance connections
 * @param kerberosServiceName with which servers are known to Kerberos; absent: PostgreSQL's own
 * @param parameters of every role; those of a file without what only the cluster's settings may have
 * @param recoveryConf over the parameters: since PostgreSQL 12 they are parameters like others, and only read in recovery
 * @param customConf a file that postgresql.conf includes in the place of what initdb wrote
 * @param standbyRecovery how the servers of a standby cluster recover; over all the rest
 * @param pgHba the whole file; absent: the file is not ours
 * @param onPrimary what differs while it is a primary
 * @param onReplica what differs while it is a replica
 * @param onStandbyLeader what differs while it leads a standby cluster; what a replica's sections say is not for it
 * @param replicaMethods how the data of a replica is made
 * @param basebackupOptions as on a command line
 * @param rewindOptions likewise
 * @param startTimeout how long a start may take before it is reported as failed
 * @param hooks the operator's programs
 */
public record ServerSettings(
        Optional<String> database,
        Optional<String> kerberosServiceName,
        SortedMap<String, String> parameters,
        SortedMap<String, String> recoveryConf,
        SortedMap<String, String> standbyRecovery,
        Optional<Path> customConf,
        Optional<List<String>> pgHba,
        Optional<List<String>> pgIdent,
        ForRole onPrimary,
        ForRole onReplica,
        ForRole onStandbyLeader,
        Optional<Boolean> usePgRewind,
        Optional<Boolean> useUnixSocket,
        Optional<Boolean> useUnixSocketForReplication,
        ReplicaMethods replicaMethods,
        List<String> basebackupOptions,
        List<String> rewindOptions,
        Optional<Duration> startTimeout,
        HooksConfig hooks) {

    private static final long LONGEST_TIMEOUT = Duration.ofDays(30).toSeconds();
    private static final Set<String> OF_THE_CLUSTER = Set.of(
            "wal_level",
            "max_connections",
            "max_wal_senders",
            "max_prepared_transactions",
            "max_locks_per_transaction",
            "max_worker_processes",
            "max_replication_slots",
            "track_commit_timestamp",
            "wal_log_hints");
    private static final List<String> OF_STANDBY_CLUSTERS =
            List.of("restore_command", "archive_cleanup_command", "recovery_min_apply_delay");
    private static final Set<String> BASEBACKUP_OPTIONS_OF_OURS = Set.of(
            "pgdata",
            "format",
            "wal-method",
            "xlog-method",
            "gzip",
            "version",
            "dbname",
            "host",
            "port",
            "username",
            "password");
    private static final Set<String> REWIND_OPTIONS_OF_OURS = Set.of(
            "target-pgdata",
            "source-pgdata",
            "source-server",
            "write-recovery-conf",
            "dry-run",
            "restore-target-wal",
            "config-file",
            "no-ensure-shutdown",
            "progress",
            "version",
            "help");

    /**
     * What differs in one role.
     *
     * @param parameters over those of every role
     * @param pgHba in the place of that of every role; absent: the same
     */
    public record ForRole(
            SortedMap<String, String> parameters, Optional<List<String>> pgHba, Optional<List<String>> pgIdent) {
        public ForRole {
            parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
            pgHba = pgHba.map(List::copyOf);
            pgIdent = pgIdent.map(List::copyOf);
        }

        private static ForRole read(ConfigReader postgres, String suffix) {
            return new ForRole(
                    ofEveryNode(postgres, "parameters" + suffix),
                    lines(postgres, "pg_hba" + suffix),
                    lines(postgres, "pg_ident" + suffix));
        }

        private ForRole over(ForRole cluster) {
            return new ForRole(
                    given(parameters, cluster.parameters),
                    pgHba.or(() -> cluster.pgHba),
                    pgIdent.or(() -> cluster.pgIdent));
        }
    }

    public ServerSettings {
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        recoveryConf = Collections.unmodifiableSortedMap(new TreeMap<>(recoveryConf));
        standbyRecovery = Collections.unmodifiableSortedMap(new TreeMap<>(standbyRecovery));
        pgHba = pgHba.map(List::copyOf);
        pgIdent = pgIdent.map(List::copyOf);
        basebackupOptions = List.copyOf(basebackupOptions);
        rewindOptions = List.copyOf(rewindOptions);
    }

    /** From a node's file. */
    static ServerSettings ofNode(ConfigReader postgres) {
        return read(
                postgres,
                ofEveryNode(postgres, "parameters"),
                Collections.emptySortedMap(),
                ReplicaMethods.ofNode(postgres));
    }

    /**
     * From the settings of the cluster.
     *
     * @param standby its section {@code standby_cluster}: what the leader restores with, those that follow it do, too, or
     *     they would be ahead of a leader that is to be delayed
     */
    static ServerSettings ofCluster(ConfigReader postgres, ConfigReader standby) {
        SortedMap<String, String> recovery = new TreeMap<>();
        for (String name : OF_STANDBY_CLUSTERS) {
            standby.text(name).ifPresent(value -> recovery.put(name, value));
        }
        return read(postgres, postgres.parameters("parameters"), recovery, ReplicaMethods.ofCluster(postgres, standby));
    }

    private static ServerSettings read(
            ConfigReader postgres,
            SortedMap<String, String> parameters,
            SortedMap<String, String> standbyRecovery,
            ReplicaMethods methods) {
        return new ServerSettings(
                postgres.text("database"),
                postgres.text("krbsrvname"),
                parameters,
                ofEveryNode(postgres, "recovery_conf"),
                standbyRecovery,
                postgres.parsed("custom_conf", Path::of),
                lines(postgres, "pg_hba"),
                lines(postgres, "pg_ident"),
                ForRole.read(postgres, "_primary"),
                ForRole.read(postgres, "_replica"),
                ForRole.read(postgres, "_standby_leader"),
                postgres.flag("use_pg_rewind"),
                postgres.flag("use_unix_socket"),
                postgres.flag("use_unix_socket_repl"),
                methods,
                postgres.options("basebackup", BASEBACKUP_OPTIONS_OF_OURS),
                postgres.options("rewind", REWIND_OPTIONS_OF_OURS),
                postgres.parsed("pg_ctl_timeout", ServerSettings::seconds),
                HooksConfig.read(postgres));
    }

    /** These of a node's file over those of the cluster: parameters one by one, any other key as a whole, as in Patroni. */
    public ServerSettings over(ServerSettings cluster) {
        SortedMap<String, String> both = new TreeMap<>(cluster.parameters);
        both.putAll(parameters);
        return new ServerSettings(
                database.or(() -> cluster.database),
                kerberosServiceName.or(() -> cluster.kerberosServiceName),
                both,
                given(recoveryConf, cluster.recoveryConf),
                cluster.standbyRecovery,
                customConf.or(() -> cluster.customConf),
                pgHba.or(() -> cluster.pgHba),
                pgIdent.or(() -> cluster.pgIdent),
                onPrimary.over(cluster.onPrimary),
                onReplica.over(cluster.onReplica),
                onStandbyLeader.over(cluster.onStandbyLeader),
                usePgRewind.or(() -> cluster.usePgRewind),
                useUnixSocket.or(() -> cluster.useUnixSocket),
                useUnixSocketForReplication.or(() -> cluster.useUnixSocketForReplication),
                replicaMethods.over(cluster.replicaMethods),
                basebackupOptions.isEmpty() ? cluster.basebackupOptions : basebackupOptions,
                rewindOptions.isEmpty() ? cluster.rewindOptions : rewindOptions,
                startTimeout.or(() -> cluster.startTimeout),
                hooks.over(cluster.hooks));
    }

    static <K, V> SortedMap<K, V> given(SortedMap<K, V> here, SortedMap<K, V> otherwise) {
        return here.isEmpty() ? otherwise : here;
    }

    /** The parameters of every role, those of recovery among them. */
    public SortedMap<String, String> allParameters() {
        SortedMap<String, String> all = new TreeMap<>(parameters);
        all.putAll(recoveryConf);
        all.putAll(standbyRecovery);
        return all;
    }

    private static Duration seconds(String text) {
        return Scalars.parseInteger(text, "s")
                .filter(seconds -> seconds > 0 && seconds <= LONGEST_TIMEOUT)
                .map(Duration::ofSeconds)
                .orElseThrow(() ->
                        new IllegalArgumentException("expected a positive number of seconds, found \"" + text + "\""));
    }

    /** An empty list is as good as none, as in Patroni: a file without lines would let nobody in. */
    private static Optional<List<String>> lines(ConfigReader postgres, String key) {
        return Optional.of(postgres.texts(key)).filter(lines -> !lines.isEmpty());
    }

    /** Without what a replica must have as its primary has it: one value, for the whole cluster and every role. */
    private static SortedMap<String, String> ofEveryNode(ConfigReader postgres, String key) {
        SortedMap<String, String> parameters = postgres.parameters(key);
        ConfigReader section = postgres.section(key);
        parameters.keySet().removeIf(name -> {
            boolean ofTheCluster = isOfTheCluster(name);
            if (ofTheCluster) {
                section.warning(
                        name,
                        "has no effect here; it is a setting of the whole cluster, in postgresql.parameters under"
                                + " bootstrap.dcs and in the store");
            }
            return ofTheCluster;
        });
        return parameters;
    }

    /** Whether a parameter is of the whole cluster: one that only its settings may have. */
    public static boolean isOfTheCluster(String parameter) {
        return OF_THE_CLUSTER.contains(parameter.toLowerCase(Locale.ROOT));
    }
}
