package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.LabProcess;
import pgha.lab.Patience;
import pgha.lab.cluster.EtcdOperator;
import pgha.lab.cluster.EtcdSecurity;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.cluster.LabPki;

/** The store demands certificates, which are replaced, and users, whose tokens live for two seconds. */
final class EtcdLockedIT {
    @RegisterExtension
    static final ClusterRig RIG =
            ClusterRig.locked("etcdlockedit", Duration.ofSeconds(2), options -> options.withTtl(20));

    private static final Duration LIMIT = Duration.ofSeconds(40);

    @Test
    void tokensThatEndAndMembersThatForgetThemAreNotNoticed() {
        LabCluster cluster = RIG.cluster();
        LabProcess postmaster = cluster.awaitPrimary().runningPostmaster();

        Observed.during(
                        cluster,
                        "tokens end every 2 s, and every member is restarted",
                        () -> {
                            Faults.last(Duration.ofSeconds(8));
                            restartMembers(cluster);
                            Faults.last(Duration.ofSeconds(4));
                        },
                        LIMIT,
                        cluster::isReady)
                .isSafe()
                .isUnnoticed();

        assertThat(cluster.awaitPrimary().runningPostmaster()).isEqualTo(postmaster);
        assertThat(rejectedTokens(cluster)).as("tokens that etcd found ended").isPositive();
    }

    @Test
    void certificatesAndTheirAuthorityAreReplacedWithoutNotice() {
        LabCluster cluster = RIG.cluster();
        EtcdSecurity security = cluster.etcd().security();
        LabProcess postmaster = cluster.awaitPrimary().runningPostmaster();
        String before = presentedBy(cluster, "etcd-1");

        Observed.during(
                        cluster,
                        "certificates renewed, then those of a new authority",
                        () -> {
                            security.renewCertificates();
                            assertThat(presentedBy(cluster, "etcd-1")).isNotEqualTo(before);
                            LabPki next = security.addAuthority("second");
                            restartMembers(cluster);
                            security.moveTo(next);
                            security.forgetOldAuthorities();
                            restartMembers(cluster);
                        },
                        LIMIT,
                        cluster::isReady)
                .isSafe()
                .isUnnoticed();

        assertThat(cluster.awaitPrimary().runningPostmaster()).isEqualTo(postmaster);
    }

    @Test
    void aPasswordThatAgentsDoNotKnowIsSaid() {
        LabCluster cluster = RIG.cluster();
        EtcdSecurity security = cluster.etcd().security();

        Observed.during(
                        cluster,
                        "the password of etcd's user changed and changed back",
                        () -> {
                            security.changePassword(cluster.etcd(), "another");
                            Patience.demand("an agent says it", LIMIT, () -> cluster.nodes().stream()
                                    .anyMatch(EtcdLockedIT::saysThatItCannotLogIn));
                            security.changePassword(cluster.etcd(), "lab");
                        },
                        LIMIT,
                        cluster::isReady)
                .isSafe();
    }

    private static boolean saysThatItCannotLogIn(LabNode node) {
        return node.agentctl("why")
                .orThrow()
                .contains("cannot log in to etcd as user \"agent\": etcdserver: authentication failed, "
                        + "invalid user ID or password; look at etcd3.username and etcd3.password");
    }

    private static void restartMembers(LabCluster cluster) {
        EtcdOperator operator = new EtcdOperator(cluster);
        cluster.etcd().members().forEach(operator::restart);
    }

    private static String presentedBy(LabCluster cluster, String member) {
        String address = cluster.lab().host(member).address() + ":2379";
        return cluster.lab()
                .client()
                .exec(
                        "bash",
                        "-c",
                        "openssl s_client -connect " + address
                                + " -cert /srv/tls/own.crt -key /srv/tls/own.key </dev/null 2>/dev/null"
                                + " | openssl x509 -noout -fingerprint")
                .orThrow();
    }

    private static long rejectedTokens(LabCluster cluster) {
        return cluster.etcd().members().stream()
                .map(member ->
                        cluster.lab().host(member).read("/srv/log/etcd.log").orElse(""))
                .flatMap(String::lines)
                .filter(line -> line.contains("invalid auth token"))
                .count();
    }
}
