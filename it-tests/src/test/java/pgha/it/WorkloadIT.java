package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import pgha.lab.LabHost;
import pgha.lab.LabOptions;
import pgha.lab.LabProcess;
import pgha.lab.Launch;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.ClusterOptions;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;
import pgha.lab.workload.Attempt;
import pgha.lab.workload.SessionHolder;
import pgha.lab.workload.SessionHolder.Kind;
import pgha.lab.workload.Verdict;
import pgha.lab.workload.Workload;

/** Shows that etcd in the lab and the workload tell the truth, with a PostgreSQL that is driven by hand. */
final class WorkloadIT {
    private static final Duration SHORTLY = Duration.ofSeconds(10);

    private static LabCluster cluster;
    private static LabNode node;

    @BeforeAll
    static void startPostgresByHand() {
        LabOptions options = LabOptions.named("workloadit").withNodes(List.of("pg-1"));
        cluster = LabCluster.prepare(options, ClusterOptions.of("workloadit", options.vip()));
        node = cluster.node("pg-1");
        LabHost host = node.host();
        host.exec(
                        SHORTLY,
                        Launch.as(
                                "postgres",
                                "bash",
                                "-c",
                                "echo lab >/tmp/password && " + program("initdb")
                                        + " -D /var/lib/postgresql/data -U postgres --auth-local=peer --auth-host=scram-sha-256 --pwfile=/tmp/password"
                                        + " && echo 'host all all 0.0.0.0/0 scram-sha-256' >>/var/lib/postgresql/data/pg_hba.conf"))
                .orThrow();
        host.exec("ip", "addr", "add", options.vip() + "/32", "dev", "eth0").orThrow();
        startPostgres();
    }

    @AfterAll
    static void remove() {
        cluster.close();
    }

    @Test
    void etcdSurvivesTheLossOfItsLeader() {
        String leader = cluster.etcd().leader();
        cluster.etcd().etcdctl("put", "/test", "kept").orThrow();

        cluster.etcd().kill(leader);
        cluster.etcd().awaitHealthy();

        assertThat(cluster.etcd().leader()).isNotEqualTo(leader);
        assertThat(cluster.etcd().get("/test")).contains("kept");
        cluster.etcd().start(leader);
        cluster.etcd().awaitHealthy();
        assertThat(cluster.etcd().get("/nothing")).isEmpty();
    }

    @Test
    void aCrashIsAnOutageWithoutLoss() {
        Workload workload = Workload.start(cluster);
        LabProcess postmaster = node.runningPostmaster();
        long faultAt = System.nanoTime();
        postmaster.signal(Signal.KILL);
        assertThat(postmaster.awaitExit(SHORTLY)).isTrue();
        startPostgres();
        workload.awaitWritesAfter(System.nanoTime(), SHORTLY);
        workload.close();

        List<Attempt> attempts = workload.journal().attempts();
        assertThat(Verdict.lost(attempts, Workload.present(cluster))).isEmpty();
        assertThat(Verdict.overlaps(attempts)).isEmpty();
        assertThat(Verdict.notAcknowledged(attempts, faultAt, System.nanoTime()))
                .isPositive();
        assertThat(workload.vip().conflicts()).isEmpty();
        assertThat(workload.vip().changes()).hasSize(1).first().satisfies(first -> assertThat(first.hosts())
                .containsExactly("pg-1"));
        assertThat(Verdict.lost(attempts, Set.of()))
                .as("rows that a wiped server lost")
                .isNotEmpty();
    }

    @Test
    void everySessionLearnsOfAFastShutdown() {
        SessionHolder sessions = SessionHolder.open(cluster);
        assertThat(sessions.hanging()).containsExactly(Kind.values());

        LabProcess postmaster = node.runningPostmaster();
        postmaster.signal(Signal.INT);

        assertThat(sessions.awaitAll(SHORTLY))
                .as("hanging: " + sessions.hanging())
                .isTrue();
        assertThat(sessions.ends().get(Kind.WAITING_IN_COMMIT)).isNotNull();
        assertThat(postmaster.awaitExit(SHORTLY)).isTrue();
        startPostgres();
        SessionHolder.forgetNobody(cluster);
    }

    private static void startPostgres() {
        node.host()
                .start(
                        "postgres",
                        Launch.as(
                                        "postgres",
                                        program("postgres"),
                                        "-D",
                                        "/var/lib/postgresql/data",
                                        "-c",
                                        "listen_addresses=*",
                                        "-c",
                                        "unix_socket_directories=/run/postgresql")
                                .withLog("/srv/log/postgres.log"));
        Patience.demand(
                "PostgreSQL answers", SHORTLY, () -> cluster.viaVip("SELECT 1").isPresent());
    }

    private static String program(String name) {
        return cluster.postgresProgram(name);
    }
}
