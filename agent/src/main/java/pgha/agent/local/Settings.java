package pgha.agent.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import pgha.agent.config.AgentConfig;
import pgha.agent.config.BootstrapConfig;
import pgha.agent.ha.NodeConfig;
import pgha.agent.ha.Scripts;
import pgha.agent.postgres.Hooks;
import pgha.agent.postgres.PostgresConfig;
import pgha.agent.postgres.PostgresConfig.Bootstrap;
import pgha.agent.postgres.PostgresConfig.Credentials;
import pgha.agent.postgres.PostgresConfig.ForRole;
import pgha.dcs.model.ClusterSettings;

/** Turns this node's file and the cluster's settings into what the parts of the agent work with. Pure. */
public final class Settings {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private Settings() {}

    /** What the core has to know of the file. */
    public static NodeConfig node(AgentConfig config, String version, Optional<String> cachedSettings) {
        pgha.agent.config.PostgresConfig postgres = config.postgres();
        return new NodeConfig(
                config.name(),
                "postgres://%s/%s".formatted(postgres.connectAddress(), postgres.database()),
                config.rest().apiUrl(),
                version,
                config.tags(),
                config.bootstrap().isPresent(),
                config.bootstrap().map(BootstrapConfig::settings).orElse("{}"),
                cachedSettings,
                !config.vips().isEmpty(),
                postgres.usePgRewind(),
                new Scripts(
                        new TreeSet<>(postgres.hooks().callbacks().keySet()),
                        postgres.hooks().prePromote().isPresent()));
    }

    /** What the local server is run with: the cluster's settings, and over them the file's. */
    public static PostgresConfig postgres(AgentConfig config, ClusterSettings cluster, Path runtimeDir) {
        pgha.agent.config.PostgresConfig file = config.postgres();
        SortedMap<String, String> parameters = new TreeMap<>(cluster.postgres().parameters());
        parameters.putAll(file.parameters());
        return new PostgresConfig(
                config.scope(),
                config.name(),
                file.dataDirectory(),
                file.configDirectory(),
                file.binDirectory(),
                runtimeDir,
                config.log().directory().orElse(runtimeDir),
                String.join(",", file.listenAddresses()),
                file.port(),
                file.connectAddress(),
                file.database(),
                credentials(file.superuser()),
                credentials(file.replication()),
                Optional.of(credentials(file.rewind())),
                parameters,
                file.customConf(),
                file.pgHba().or(() -> nonEmpty(cluster.postgres().pgHba())),
                file.pgIdent().or(() -> nonEmpty(cluster.postgres().pgIdent())),
                role(file.onPrimary()),
                role(file.onReplica()),
                file.passFile().orElse(runtimeDir.resolve("pgpass")),
                file.useUnixSocket(),
                file.useUnixSocketForReplication(),
                config.bootstrap().map(Settings::bootstrap).orElse(Bootstrap.NONE),
                file.basebackupOptions(),
                List.of(),
                START_TIMEOUT,
                new Hooks(
                        file.hooks().callbacks(),
                        file.hooks().prePromote(),
                        file.hooks().beforeStop()));
    }

    private static Optional<List<String>> nonEmpty(List<String> lines) {
        return lines.isEmpty() ? Optional.empty() : Optional.of(lines);
    }

    private static ForRole role(pgha.agent.config.PostgresConfig.ForRole file) {
        return new ForRole(file.parameters(), file.pgHba(), file.pgIdent());
    }

    private static Bootstrap bootstrap(BootstrapConfig file) {
        return new Bootstrap(file.initdbOptions(), file.pgHba(), file.postBootstrap());
    }

    private static Credentials credentials(pgha.agent.config.PostgresConfig.User user) {
        return new Credentials(user.name(), user.password(), user.options());
    }
}
