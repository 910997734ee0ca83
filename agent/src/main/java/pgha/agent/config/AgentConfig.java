package pgha.agent.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import pgha.dcs.DcsConfig;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Tags;
import pgha.rest.RestConfig;
import pgha.rest.tls.Identity;
import pgha.vip.Vip;

/**
 * This node's file. Immutable; one that exists is valid.
 *
 * @param namespace as written, without meaning but in the store's paths
 * @param bootstrap absent: this node never begins a cluster
 * @param tags as they are published: false ones that say nothing are left out
 */
public record AgentConfig(
        String scope,
        String namespace,
        MemberName name,
        LogConfig log,
        RestConfig rest,
        CtlConfig ctl,
        DcsConfig dcs,
        Optional<BootstrapConfig> bootstrap,
        PostgresConfig postgres,
        Tags tags,
        WatchdogConfig watchdog,
        List<Vip> vips) {

    public AgentConfig {
        vips = List.copyOf(vips);
    }

    /**
     * How agents are talked to as a client: the section {@code ctl}, completed from {@code restapi}.
     *
     * @param insecure whether a server's certificate is believed unseen
     * @param ca whom it must come from; the runtime's own list if absent
     * @param identity shown to servers that ask for a client's certificate
     */
    public record CtlConfig(
            boolean insecure, Optional<Path> ca, Optional<Identity> identity, Optional<RestConfig.BasicAuth> auth) {}

    /**
     * What a Linux watchdog device is used for.
     *
     * @param testing whether the device is a named pipe that somebody reads, in place of a device
     */
    public record WatchdogConfig(WatchdogMode mode, Path device, int safetyMarginSeconds, boolean testing) {}

    /** Whether a watchdog device is used. */
    public enum WatchdogMode {
        OFF,
        AUTOMATIC,
        REQUIRED
    }
}
