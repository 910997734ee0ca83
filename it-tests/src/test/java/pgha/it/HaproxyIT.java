package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.LabHost;
import pgha.lab.Launch;
import pgha.lab.Patience;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.cluster.LabSql;

/** The real HAProxy with the stack's own checks finds the primary and the readers through our REST interface. */
final class HaproxyIT {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.named("haproxyit");

    private static final int PRIMARY = 5436;
    private static final int READ_ONLY = 5434;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String WRITABLE = "SELECT pg_is_in_recovery()";

    @BeforeEach
    void startHaproxy() {
        LabHost client = RIG.cluster().lab().client();
        if (client.process("haproxy").isPresent()) {
            return;
        }
        String configuration =
                """
                global
                    maxconn 100
                defaults
                    timeout connect 3s
                    timeout client 1h
                    timeout server 1h
                    timeout check 3s
                """ + service("primary", PRIMARY, "/primary") + service("replica", READ_ONLY, "/read-only");
        client.exec("bash", "-c", "cat >/run/haproxy.cfg <<'END'\n" + configuration + "END")
                .orThrow();
        client.start(
                "haproxy",
                Launch.as("root", "haproxy", "-db", "-f", "/run/haproxy.cfg").withLog("/srv/log/haproxy.log"));
        awaitRouting();
    }

    @Test
    void itFollowsASwitchover() {
        LabCluster cluster = RIG.cluster();
        LabNode from = cluster.awaitPrimary();
        LabNode to = cluster.replicas().getFirst();

        Faults.switchover(cluster, from.name(), to.name());

        Patience.demand(
                "5436 leads to the new primary only",
                LIMIT,
                () -> leadsOnlyTo(to.host().address()));
        assertThat(throughProxy(PRIMARY, WRITABLE)).isEqualTo("f");
        assertThat(throughProxy(READ_ONLY, "SELECT 1")).isEqualTo("1");
    }

    @Test
    void itFollowsAFailoverAfterAPowerLoss() {
        LabCluster cluster = RIG.cluster();
        LabNode from = cluster.awaitPrimary();

        from.host().powerLoss();

        Patience.demand("another node is primary", LIMIT, () -> Faults.movedFrom(cluster, from));
        String successor = cluster.awaitPrimary().host().address();
        Patience.demand("5436 leads to the new primary only", LIMIT, () -> leadsOnlyTo(successor));
        assertThat(throughProxy(PRIMARY, WRITABLE)).isEqualTo("f");
        Patience.demand("5434 has readers", LIMIT, () -> throughProxy(READ_ONLY, "SELECT 1")
                .equals("1"));
    }

    private static String service(String name, int port, String path) {
        LabCluster cluster = RIG.cluster();
        String servers = cluster.nodes().stream()
                .map(node -> "    server %s %s:%d check port %d"
                        .formatted(
                                node.name(),
                                node.host().address(),
                                cluster.lab().options().postgresPort(),
                                cluster.lab().options().restPort()))
                .collect(Collectors.joining("\n"));
        return """
            listen %s
                bind *:%d
                mode tcp
                option httpchk
                http-check send meth OPTIONS uri %s
                http-check expect status 200
                default-server inter 2s fastinter 1s rise 3 fall 3 on-marked-down shutdown-sessions
            %s
            """.formatted(name, port, path, servers);
    }

    private static void awaitRouting() {
        String primary = RIG.cluster().awaitPrimary().host().address();
        Patience.demand("5436 leads to the primary only", LIMIT, () -> leadsOnlyTo(primary));
        Patience.demand("5434 has readers", LIMIT, () -> throughProxy(READ_ONLY, "SELECT 1")
                .equals("1"));
    }

    /**
     * HAProxy takes the servers it believes in by turns, and may believe in the new primary before it has given up the
     * old one: three fall, three rise. As many connections as there are servers find every one of them.
     */
    private static boolean leadsOnlyTo(String address) {
        return RIG.cluster().nodes().stream()
                .allMatch(server -> serverBehind(PRIMARY).equals(address));
    }

    private static String serverBehind(int port) {
        return throughProxy(port, "SELECT host(inet_server_addr())");
    }

    /** The answer through the proxy; empty if there is none. */
    private static String throughProxy(int port, String query) {
        LabCluster cluster = RIG.cluster();
        return cluster.lab().clientThreads().call(() -> {
            try (Connection connection = LabSql.connect(
                    cluster.lab().client().address(), port, Duration.ofSeconds(1), Duration.ofSeconds(2))) {
                return LabSql.single(connection, query);
            } catch (SQLException e) {
                return "";
            }
        });
    }
}
