package pgha.agent.ctl;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import pgha.agent.config.AgentConfig.CtlConfig;
import pgha.agent.config.ClientConfig;
import pgha.agent.config.ConfigLoader;
import pgha.agent.config.ConfigLoader.Loaded;
import pgha.agent.config.ConfigLoader.Refused;
import pgha.agent.config.ConfigLoader.Valid;
import pgha.dcs.DcsConfig;
import pgha.dcs.model.HostPort;

/**
 * Finds and reads the configuration of a client: what the command line says, else the environment, else the usual places.
 *
 * <p>Immutable.
 *
 * @param file of {@code -c}
 * @param storeUrl of {@code -d}: {@code etcd3://host:port/namespace}
 * @param insecure of {@code -k}
 */
record ConfigurationSource(Optional<String> file, Optional<String> storeUrl, boolean insecure) {
    private static final int ETCD_PORT = 2379;

    ClientConfig read(Map<String, String> environment) throws CommandFailed {
        Optional<Path> path = path(environment);
        Optional<String> url = storeUrl.or(() -> Optional.ofNullable(environment.get("DCS_URL")));
        if (path.isEmpty() && url.isEmpty()) {
            throw new CommandFailed(
                    "cannot tell where the cluster is: there is no configuration file; give one by -c FILE,"
                            + " or etcd by -d etcd3://HOST:PORT/NAMESPACE");
        }
        ClientConfig config = path.isPresent() ? load(path.get()) : bare(url.orElseThrow());
        ClientConfig reached = url.isPresent() ? at(config, url.get()) : config;
        return insecure ? trusting(reached) : reached;
    }

    /** The file that is read, if there is one. */
    Optional<Path> path(Map<String, String> environment) {
        Optional<String> given = file.or(() -> Optional.ofNullable(environment.get("PATRONICTL_CONFIG_FILE")));
        if (given.isPresent()) {
            return given.map(Path::of);
        }
        String home = environment.getOrDefault("HOME", "/root");
        return Stream.of(
                        Path.of(home, ".config", "patroni", "patronictl.yaml"),
                        Path.of("/etc/pgha-agent/agent.yml"),
                        Path.of("/etc/patroni/patroni.yml"))
                .filter(Files::isReadable)
                .findFirst();
    }

    private static ClientConfig load(Path path) throws CommandFailed {
        Loaded<ClientConfig> loaded = ConfigLoader.loadForClient(path);
        return switch (loaded) {
            case Valid<ClientConfig> valid -> valid.config();
            case Refused<ClientConfig> refused -> throw new CommandFailed(String.join("\n", refused.problems()));
        };
    }

    private static ClientConfig bare(String url) throws CommandFailed {
        CtlConfig ctl = new CtlConfig(false, Optional.empty(), Optional.empty(), Optional.empty());
        DcsConfig nowhere = new DcsConfig(List.of(), Optional.empty(), Optional.empty(), "/");
        return at(new ClientConfig(Optional.empty(), "service", nowhere, ctl, Optional.empty()), url);
    }

    private static ClientConfig at(ClientConfig config, String text) throws CommandFailed {
        String url = text.contains("://") ? text : "etcd3://" + text;
        try {
            URI uri = URI.create(url);
            if (!"etcd3".equals(uri.getScheme())) {
                throw new CommandFailed(
                        "cannot use a store of the kind \"" + uri.getScheme() + "\"; only etcd3 is supported");
            }
            String host = uri.getHost() == null ? "localhost" : uri.getHost().replaceAll("[\\[\\]]", "");
            HostPort endpoint = new HostPort(host, uri.getPort() < 0 ? ETCD_PORT : uri.getPort());
            String path = uri.getPath().replaceAll("^/+", "");
            String namespace = path.isEmpty() ? config.namespace() : path;
            DcsConfig old = config.etcd();
            DcsConfig etcd = new DcsConfig(List.of(endpoint), old.tls(), old.credentials(), old.prefix());
            return new ClientConfig(config.scope(), namespace, etcd, config.ctl(), config.apiUrl());
        } catch (IllegalArgumentException e) {
            throw new CommandFailed("cannot use the store \"" + text + "\"; expected etcd3://HOST:PORT/NAMESPACE");
        }
    }

    private static ClientConfig trusting(ClientConfig config) {
        CtlConfig ctl = new CtlConfig(
                true, config.ctl().ca(), config.ctl().identity(), config.ctl().auth());
        return new ClientConfig(config.scope(), config.namespace(), config.etcd(), ctl, config.apiUrl());
    }
}
