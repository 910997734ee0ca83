package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import pgha.lab.LabProcess;
import pgha.lab.Launch;
import pgha.lab.Patience;
import pgha.lab.Signal;
import pgha.lab.cluster.LabCluster;
import pgha.lab.cluster.LabNode;

/** When the lease guard strikes, when it does not, and what it costs. */
final class GuardIT {
    @RegisterExtension
    static final ClusterRig RIG = ClusterRig.named("guardit");

    private static final Duration LIMIT = Duration.ofSeconds(40);
    /** The lease is 5 s. */
    private static final Duration LONGER_THAN_THE_LEASE = Duration.ofSeconds(9);

    /** A promise: a kill of the guard is noticed and mended within it. */
    private static final Duration MENDED_WITHIN = Duration.ofSeconds(1);

    private static final Duration MEASURED = Duration.ofSeconds(15);

    @Test
    void reloadsAreNotNoticed() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        LabProcess postmaster = primary.runningPostmaster();

        Observed.during(
                        cluster,
                        "20 reloads",
                        () -> {
                            for (int times = 0; times < 20; times++) {
                                primary.signalAgent(Signal.HUP);
                                Faults.last(Duration.ofMillis(300));
                            }
                        },
                        LIMIT,
                        () -> Faults.leads(primary))
                .isSafe()
                .isUnnoticed();

        assertThat(primary.runningPostmaster()).isEqualTo(postmaster);
        assertThat(Guards.log(cluster, primary)).isEmpty();
    }

    @Test
    void aReplicaIsNotGuarded() {
        LabCluster cluster = RIG.cluster();
        LabNode replica = cluster.replicas().getFirst();
        LabProcess postmaster = replica.runningPostmaster();
        Guards.awaitArmed(cluster, replica, false);
        replica.signalAgent(Signal.KILL);

        Faults.last(LONGER_THAN_THE_LEASE);

        assertThat(postmaster.isAlive()).isTrue();
        assertThat(replica.isStreaming()).isTrue();
        // With nobody to guard for it ends by itself, some time or other.
        assertThat(Patience.until(LIMIT, () -> Guards.find(replica).isEmpty())).isTrue();
    }

    @Test
    void inPauseAgentAndStoreMayBeAwayForLongerThanALease() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        LabProcess postmaster = primary.runningPostmaster();
        LabProcess agent = primary.runningAgent();
        pause(cluster, true);
        Guards.awaitArmed(cluster, primary, false);
        assertThat(primary.agentctl("list").orThrow()).contains("paused: fencing is off");
        assertThat(primary.agentctl("why").orThrow()).contains("fencing is off");

        Observed.during(
                        cluster,
                        "pause: agent away, then the store",
                        () -> {
                            agent.signal(Signal.KILL);
                            Faults.last(LONGER_THAN_THE_LEASE);
                            primary.startAgent();
                            Patience.demand("it leads again", LIMIT, () -> Faults.leads(primary));
                            cluster.etcd().stop();
                            Faults.last(LONGER_THAN_THE_LEASE);
                            cluster.etcd().goOn();
                            Patience.demand("it still leads", LIMIT, () -> Faults.leads(primary));
                        },
                        LIMIT,
                        () -> Faults.leads(primary))
                .isSafe()
                .isUnnoticed();
        pause(cluster, false);

        Guards.awaitArmed(cluster, primary, true);
        cluster.awaitReady();
        assertThat(primary.runningPostmaster()).isEqualTo(postmaster);
        assertThat(Guards.log(cluster, primary)).isEmpty();
    }

    @Test
    void aKilledGuardIsReplacedAndNobodyNotices() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();

        Observed.during(
                        cluster,
                        "guard SIGKILL, ten times",
                        () -> {
                            for (int times = 0; times < 10; times++) {
                                killGuard(cluster, primary);
                            }
                        },
                        LIMIT,
                        () -> Guards.isArmed(cluster, primary))
                .isSafe()
                .isUnnoticed();

        assertThat(primary.log()).contains("another one knows the deadline after");
    }

    /** Armed is the one that says so under its own number: the killed one has left its word behind. */
    private static void killGuard(LabCluster cluster, LabNode node) {
        LabProcess guard = Guards.of(node);
        long killedAt = System.nanoTime();
        guard.signal(Signal.KILL);
        Patience.demand("another guard is armed", LIMIT, () -> Guards.armedOne(cluster, node)
                .filter(pid -> pid != guard.pidInHost())
                .isPresent());
        Duration mended = Duration.ofNanos(System.nanoTime() - killedAt);
        System.out.printf("guard SIGKILL: another one is armed after %d ms%n", mended.toMillis());
        assertThat(mended).as("from the kill until another guard is armed").isLessThanOrEqualTo(MENDED_WITHIN);
    }

    @Test
    void aStoppedGuardIsReplaced() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        LabProcess guard = Guards.of(primary);

        guard.signal(Signal.STOP);

        Patience.demand("another guard runs", LIMIT, () -> Guards.find(primary)
                .filter(other -> !other.equals(guard))
                .isPresent());
        Guards.awaitArmed(cluster, primary, true);
        assertThat(guard.isAlive()).isFalse();
    }

    /** No more address space: the JVM ends, or hangs, or goes on with what it has. Whatever it does, it is safe. */
    @Test
    void anAgentWithoutMemoryIsReplaced() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        LabProcess agent = primary.runningAgent();

        Observed.during(
                        cluster,
                        "agent out of memory",
                        () -> {
                            takeAllMemory(primary, agent);
                            primary.get("/cluster");
                            agent.signal(Signal.HUP);
                        },
                        LIMIT,
                        () -> Faults.movedFrom(cluster, primary) || (agent.isAlive() && Faults.leads(primary)))
                .isSafe();

        System.out.printf(
                "agent out of memory: it %s; its last words: %s%n",
                agent.isAlive() ? "is alive" : "has ended",
                primary.logEnd().lines().toList().getLast());
        agent.signal(Signal.KILL);
        agent.awaitExit(LIMIT);
    }

    private static void takeAllMemory(LabNode node, LabProcess agent) {
        String pid = Integer.toString(agent.pidInHost());
        node.host()
                .exec(LIMIT, Launch.as("postgres", "prlimit", "--pid", pid, "--as=1048576:1048576"))
                .orThrow();
    }

    @Test
    void whatAGuardCosts() {
        LabCluster cluster = RIG.cluster();
        LabNode primary = cluster.awaitPrimary();
        LabNode replica = cluster.replicas().getFirst();

        System.out.println("guard of a primary, ttl 5: " + Guards.cost(primary, MEASURED));
        System.out.println("guard of a replica: " + Guards.cost(replica, MEASURED));

        assertThat(Guards.find(primary)).isPresent();
        assertThat(Guards.find(replica)).isPresent();
    }

    private static void pause(LabCluster cluster, boolean on) {
        String key = "/service/" + cluster.lab().options().name() + "/config";
        String settings =
                cluster.etcd().get(key).orElseThrow().strip().replaceAll(",\\s*\"pause\":\\s*(true|false)", "");
        cluster.etcd()
                .etcdctl("put", key, settings.substring(0, settings.lastIndexOf('}')) + ",\"pause\":" + on + "}")
                .orThrow();
    }
}
