package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;
import pgha.lab.soak.Arena;
import pgha.lab.soak.Arena.Replication;
import pgha.lab.soak.Fault;
import pgha.lab.soak.Plan;
import pgha.lab.soak.Soak;

/** A few rounds of the endurance run: faults alone, and two at a time from a fixed seed, all judged by their history. */
final class RandomFaultsIT {
    /** Its first pairs take the primary for some seconds; those of many others are short, or hit replicas. */
    private static final long SEED = 8;

    private static final Duration BRIEF = Duration.ofSeconds(10);
    private static final Arena ARENA = new Arena("randomfaults", Replication.ASYNCHRONOUS);
    private static final Soak SOAK = new Soak(ARENA, Path.of("target/it-logs/RandomFaultsIT"));

    @AfterAll
    static void removeTheCluster() {
        ARENA.close();
    }

    /** All but those that other tests of the cluster play, that only repeat another shape, or that last long. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {
                "AGENT_KILLED",
                "AGENT_STOPPED",
                "AGENT_OUT_OF_MEMORY",
                "CLOCK_STEPPED",
                "POSTMASTER_KILLED",
                "POWER_LOSS",
                "NODE_ALONE",
                "NODE_FROM_PEERS_AND_ETCD",
                "ONE_WAY_IN",
                "ETCD_LEADER_KILLED",
                "ETCD_MEMBER_STOPPED",
                "ETCD_LOST",
                "ETCD_GOES_BACK",
                "TO_ETCD_ONE_WAY",
                "FROM_ETCD_ONE_WAY",
                "ETCD_COMPACTED",
                "ETCD_MEMBER_REPLACED",
                "SCOPE_WIPED",
                "LEADER_DELETED",
                "LEADER_OVERWRITTEN",
                "NODE_FROM_ONE_PEER",
                "NODE_FROM_ETCD_MEMBER",
                "CLIENT_TO_NODE_ONE_WAY",
                "NODE_TO_CLIENT_ONE_WAY",
                "ETCD_MEMBERS_APART",
                "WALRECEIVER_KILLED",
                "POSTMASTER_STOPPED",
                "SWITCHOVER"
            })
    void aFaultAloneIsSafeAndPasses(Fault fault) {
        assertThat(SOAK.play(Plan.alone(fault)).failures()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void twoFaultsAtOnceAreSafeAndPass(int round) {
        assertThat(SOAK.play(Plan.random(SEED, round, BRIEF)).failures()).isEmpty();
    }
}
