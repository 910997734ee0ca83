package pgha.agent.ha;

import java.util.Optional;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Tags;

/**
 * What the core has to know of this node's file.
 *
 * <p>Immutable.
 *
 * @param proxyUrl of a proxy before its server, for others to see
 * @param mayBootstrap whether the file has a bootstrap section: without it this node never begins a cluster
 * @param bootstrapSettings the document for the {@code config} key of a new cluster
 * @param beginsAsStandby whether a cluster that begins with them is a standby cluster
 * @param beginsByProgram whether a program of the operator's makes it, in the place of initdb
 * @param cachedSettings the last document known to this data directory, to restore the key from if it is lost
 * @param usePgRewind over what the cluster says; absent: the file leaves it open
 */
public record NodeConfig(
        MemberName name,
        String connUrl,
        Optional<String> proxyUrl,
        String apiUrl,
        String version,
        Tags tags,
        boolean mayBootstrap,
        String bootstrapSettings,
        boolean beginsAsStandby,
        boolean beginsByProgram,
        Optional<String> cachedSettings,
        boolean hasVip,
        Optional<Boolean> usePgRewind,
        Scripts scripts) {

    /** One without a proxy before its server, whose cluster begins with initdb, and as no standby cluster. */
    public NodeConfig(
            MemberName name,
            String connUrl,
            String apiUrl,
            String version,
            Tags tags,
            boolean mayBootstrap,
            String bootstrapSettings,
            Optional<String> cachedSettings,
            boolean hasVip,
            Optional<Boolean> usePgRewind,
            Scripts scripts) {
        this(
                name,
                connUrl,
                Optional.empty(),
                apiUrl,
                version,
                tags,
                mayBootstrap,
                bootstrapSettings,
                false,
                false,
                cachedSettings,
                hasVip,
                usePgRewind,
                scripts);
    }
}
