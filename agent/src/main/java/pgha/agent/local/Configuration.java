package pgha.agent.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import pgha.agent.config.AgentConfig;
import pgha.agent.config.ClusterSection;
import pgha.agent.ha.NodeConfig;
import pgha.agent.postgres.PostgresConfig;
import pgha.dcs.model.ClusterSettings;

/**
 * What is in force on this node: its file, over the settings of the cluster.
 *
 * <p>Thread-safe. The loop brings the cluster's settings and whether this node leads a standby cluster, whoever reads the
 * file again the file. The server is run with a new file from the next {@link #apply} on, so that what the loop decides
 * and what tasks do belong together.
 */
public final class Configuration {
    private final Path runtimeDir;
    private final String version;
    private volatile AgentConfig file;
    private volatile ClusterSettings cluster;
    private volatile ClusterSection section;
    private volatile PostgresConfig postgres;
    /** Confined to the loop. */
    private boolean leadsStandby;
    /** Confined to the loop. */
    private Set<String> told = new TreeSet<>();

    /** @param version of this agent */
    public Configuration(AgentConfig file, ClusterSettings cluster, Path runtimeDir, String version) {
        this.runtimeDir = runtimeDir;
        this.version = version;
        this.file = file;
        this.cluster = cluster;
        this.section = ClusterSection.of(cluster.document());
        this.postgres = Settings.postgres(file, section.settings(), cluster.slots(), runtimeDir, leadsStandby);
    }

    /** The file was read again. */
    public void use(AgentConfig next) {
        file = next;
    }

    /**
     * Whether this node leads a standby cluster. Confined to the loop.
     *
     * @return whether that is news; it is in force from the next {@link #apply} on
     */
    public boolean use(boolean leadsAStandbyCluster) {
        boolean news = leadsStandby != leadsAStandbyCluster;
        leadsStandby = leadsAStandbyCluster;
        return news;
    }

    /**
     * Takes over the cluster's settings, and the file as it was read last. Confined to the loop.
     *
     * @return what there is to say about the settings and was not said of the ones before
     */
    public List<String> apply(ClusterSettings settings) {
        if (!settings.equals(cluster)) {
            cluster = settings;
            section = ClusterSection.of(settings.document());
        }
        postgres = Settings.postgres(file, section.settings(), cluster.slots(), runtimeDir, leadsStandby);
        List<String> warnings = new ArrayList<>(settings.warnings());
        warnings.addAll(section.warnings());
        warnings.addAll(file.postgres()
                .server()
                .over(section.settings())
                .replicaMethods()
                .warnings());
        List<String> news =
                warnings.stream().filter(warning -> !told.contains(warning)).toList();
        told = new TreeSet<>(warnings);
        return news;
    }

    /** The cluster's settings, as they were taken over last. */
    public ClusterSettings cluster() {
        return cluster;
    }

    /** What the core has to know. */
    public NodeConfig node(Optional<String> cachedSettings) {
        return Settings.node(file, section.settings(), version, cachedSettings);
    }

    /** What the local server is run with. */
    public PostgresConfig postgres() {
        return postgres;
    }
}
