package pgha.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import pgha.lab.soak.Arena;
import pgha.lab.soak.Arena.Replication;
import pgha.lab.soak.Fault;
import pgha.lab.soak.Plan;
import pgha.lab.soak.Soak;

/** Rounds of the endurance run that cost an asynchronous cluster rows: a synchronous one may lose none. */
final class SynchronousFaultsIT {
    private static final Arena ARENA = new Arena("syncfaults", Replication.SYNCHRONOUS);
    private static final Soak SOAK = new Soak(ARENA, Path.of("target/it-logs/SynchronousFaultsIT"));

    @AfterAll
    static void removeTheCluster() {
        ARENA.close();
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"NODE_FROM_PEERS_AND_ETCD", "AGENT_AND_GUARD_KILLED"})
    void nothingAcknowledgedIsLost(Fault fault) {
        assertThat(SOAK.play(Plan.alone(fault)).failures()).isEmpty();
    }
}
