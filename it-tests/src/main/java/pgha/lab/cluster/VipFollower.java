package pgha.lab.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import pgha.lab.LabException;
import pgha.lab.LabProcess;
import pgha.lab.Launch;

/**
 * What stands in for vip-manager on a node: binds the VIP while the leader key names the node, and leaves it at SIGTERM.
 *
 * <p>Debian's vip-manager 1.0.2 reads etcd by its API v2 alone and cannot see the keys of Patroni's {@code etcd3}. So a
 * script does with the kernel what later versions do, seen in their source.
 */
public final class VipFollower {
    private static final String LABEL = "vip-manager";
    private static final String INTERFACE = "eth0";

    private VipFollower() {}

    /** Starts it beside the node's Patroni; {@code address} has its prefix length. */
    public static LabProcess start(LabCluster cluster, LabNode node, String scope, String address) {
        Launch launch = Launch.as(
                        "root",
                        "bash",
                        "-c",
                        script(),
                        LABEL,
                        cluster.etcd().hosts(),
                        "/service/" + scope + "/leader",
                        node.name(),
                        address,
                        INTERFACE)
                .withLog("/srv/log/vip-manager.log");
        return node.host().start(LABEL, launch);
    }

    public static Optional<LabProcess> on(LabNode node) {
        return node.host().process(LABEL);
    }

    private static String script() {
        try (InputStream script = VipFollower.class.getResourceAsStream("vip-follower.sh")) {
            if (script == null) {
                throw new IllegalStateException("vip-follower.sh is not on the class path");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new LabException("cannot read vip-follower.sh: " + e.getMessage(), e);
        }
    }
}
