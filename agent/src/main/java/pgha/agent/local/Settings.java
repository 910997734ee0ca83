package pgha.agent.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import pgha.agent.config.AgentConfig;
import pgha.agent.config.BootstrapConfig;
import pgha.agent.config.ReplicaMethods;
import pgha.agent.config.ServerSettings;
import pgha.agent.ha.NodeConfig;
import pgha.agent.ha.Scripts;
import pgha.agent.postgres.BootstrapProgram;
import pgha.agent.postgres.Hooks;
import pgha.agent.postgres.PostgresConfig;
import pgha.agent.postgres.PostgresConfig.Bootstrap;
import pgha.agent.postgres.PostgresConfig.Credentials;
import pgha.agent.postgres.PostgresConfig.ForRole;
import pgha.agent.postgres.ReplicaMethod;
import pgha.dcs.model.SlotRules;

/** Turns this node's file and the cluster's settings into what the parts of the agent work with. Pure. */
final class Settings {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private Settings() {}

    /**
     * What the core has to know of the file and of the operator's programs.
     *
     * @param cluster what the cluster's settings say where the file is silent
     */
    static NodeConfig node(
            AgentConfig config, ServerSettings cluster, String version, Optional<String> cachedSettings) {
        pgha.agent.config.PostgresConfig postgres = config.postgres();
        ServerSettings server = postgres.server().over(cluster);
        return new NodeConfig(
                config.name(),
                "postgres://%s/%s".formatted(postgres.connectAddress(), database(server)),
                postgres.proxyAddress().map(proxy -> "postgres://%s/%s".formatted(proxy, database(server))),
                config.rest().apiUrl(),
                version,
                config.tags(),
                config.bootstrap().isPresent(),
                config.bootstrap().map(BootstrapConfig::settings).orElse("{}"),
                config.bootstrap().filter(BootstrapConfig::isStandby).isPresent(),
                config.bootstrap().flatMap(BootstrapConfig::program).isPresent(),
                cachedSettings,
                !config.vips().isEmpty(),
                postgres.server().usePgRewind(),
                new Scripts(
                        new TreeSet<>(server.hooks().callbacks().keySet()),
                        server.hooks().prePromote().isPresent()));
    }

    /**
     * What the local server is run with: the cluster's settings, and over them the file's.
     *
     * @param leadsStandby whether it is, or is to be, the leader of a standby cluster, who is in recovery like a replica
     */
    static PostgresConfig postgres(
            AgentConfig config, ServerSettings cluster, SlotRules slots, Path runtimeDir, boolean leadsStandby) {
        pgha.agent.config.PostgresConfig file = config.postgres();
        ServerSettings server = file.server().over(cluster);
        return new PostgresConfig(
                config.scope(),
                config.name(),
                file.dataDirectory(),
                file.configDirectory(),
                file.configBaseName(),
                file.binDirectory(),
                runtimeDir,
                config.log().directory().orElse(runtimeDir),
                String.join(",", file.listenAddresses()),
                file.port(),
                file.connectAddress(),
                database(server),
                server.kerberosServiceName(),
                credentials(file.superuser()),
                credentials(file.replication()),
                Optional.of(credentials(file.rewind())),
                server.allParameters(),
                server.customConf(),
                server.pgHba(),
                server.pgIdent(),
                role(server.onPrimary()),
                leadsStandby ? role(server.onStandbyLeader()) : replica(role(server.onReplica()), slots),
                file.passFile().orElse(runtimeDir.resolve("pgpass")),
                server.useUnixSocket().orElse(false),
                server.useUnixSocketForReplication().orElse(false),
                config.bootstrap().map(Settings::bootstrap).orElse(Bootstrap.NONE),
                methods(server.replicaMethods(), leadsStandby),
                server.basebackupOptions(),
                server.rewindOptions(),
                server.startTimeout().orElse(START_TIMEOUT),
                new Hooks(
                        server.hooks().callbacks(),
                        server.hooks().prePromote(),
                        server.hooks().beforeStop()));
    }

    /** Those that the configuration has a command for, or ours. */
    private static List<ReplicaMethod> methods(ReplicaMethods configured, boolean leadsStandby) {
        List<ReplicaMethod> methods = new ArrayList<>();
        for (String name : configured.names(leadsStandby)) {
            if (name.equals(ReplicaMethods.BASEBACKUP)) {
                methods.add(new ReplicaMethod.Basebackup());
            }
            Optional.ofNullable(configured.programs().get(name))
                    .map(p -> method(name, p))
                    .ifPresent(methods::add);
        }
        return methods.isEmpty() ? List.of(new ReplicaMethod.Basebackup()) : methods;
    }

    private static ReplicaMethod method(String name, ReplicaMethods.Program program) {
        return new ReplicaMethod.Program(
                name,
                program.command(),
                program.keepsData(),
                program.withoutLeader(),
                program.plain(),
                program.parameters());
    }

    private static String database(ServerSettings server) {
        return server.database().orElse("postgres");
    }

    private static ForRole role(ServerSettings.ForRole role) {
        return new ForRole(role.parameters(), role.pgHba(), role.pgIdent());
    }

    /** What the copies of logical slots need of the catalogs, the primary is not to vacuum away, whatever else is said. */
    private static ForRole replica(ForRole configured, SlotRules slots) {
        if (slots.logical().isEmpty()) {
            return configured;
        }
        SortedMap<String, String> parameters = new TreeMap<>(configured.parameters());
        parameters.put("hot_standby_feedback", "on");
        return new ForRole(parameters, configured.pgHba(), configured.pgIdent());
    }

    private static Bootstrap bootstrap(BootstrapConfig file) {
        return new Bootstrap(
                file.initdbOptions(),
                file.pgHba(),
                file.postBootstrap(),
                file.program().map(Settings::program));
    }

    private static BootstrapProgram program(pgha.agent.config.BootstrapProgram file) {
        return new BootstrapProgram(
                file.name(), file.command(), file.plain(), file.keepsRecovery(), file.recovery(), file.parameters());
    }

    private static Credentials credentials(pgha.agent.config.PostgresConfig.User user) {
        return new Credentials(user.name(), user.password(), user.options());
    }
}
