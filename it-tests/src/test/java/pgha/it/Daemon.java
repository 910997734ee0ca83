package pgha.it;

import pgha.lab.LabException;
import pgha.lab.Signal;
import pgha.lab.cluster.ClusterOptions;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.cluster.VipFollower;

/** What keeps a node's PostgreSQL available, and its address where the primary is. */
enum Daemon {
    AGENT {
        @Override
        void ensure(LabCluster cluster, LabNode node) {
            node.agent().ifPresentOrElse(agent -> agent.signal(Signal.CONT), node::startAgent);
        }
    },
    PATRONI {
        @Override
        void ensure(LabCluster cluster, LabNode node) {
            if (node.agent().isPresent()) {
                throw new LabException("cannot run Patroni on " + node.name() + ": an agent runs there");
            }
            if (node.patroni().isEmpty()) {
                node.startPatroni();
            }
            if (VipFollower.on(node).isEmpty()) {
                VipFollower.start(cluster, node, cluster.lab().options().name(), address(cluster));
            }
        }
    };

    /** Patroni takes no shorter ttl. */
    static final int PATRONIS_TTL = 20;

    /** Has it run on {@code node}, in motion. */
    abstract void ensure(LabCluster cluster, LabNode node);

    /** The VIP with the prefix length of its network. */
    static String address(LabCluster cluster) {
        return cluster.lab().options().vip() + "/24";
    }

    /** Settings that both daemons take, and that let a test wait as little as Patroni allows; no section {@code vip}. */
    static ClusterOptions forBoth(ClusterOptions options) {
        return options.withTtl(PATRONIS_TTL).withVips();
    }

    /** Writes Patroni's file: as the agent's, with the timing that the lab does not derive from ttl. */
    static void configurePatroni(LabNode node) {
        node.configurePatroni(node.configuration()
                .replaceFirst("loop_wait: \\d+", "loop_wait: 2")
                .replaceFirst("retry_timeout: \\d+", "retry_timeout: 5"));
    }
}
