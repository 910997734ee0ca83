package pgha.lab.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import pgha.lab.history.Append.Ack;
import pgha.lab.history.Call;
import pgha.lab.history.FinalState;
import pgha.lab.history.Findings;
import pgha.lab.history.Overlap;
import pgha.lab.history.Overlap.Answer;
import pgha.lab.history.Overlap.Path;
import pgha.lab.history.Server;
import pgha.lab.soak.Arena.Replication;

final class JudgeTest {
    private static final Server OLD = new Server("pg-1", 1);
    private static final Server NEW = new Server("pg-2", 2);
    private static final FinalState END = new FinalState(Map.of(), 2, Map.of(1, 5_000_000L));

    @Test
    void aLossIsExcusedWhereAHostIsLostOrCutOffAndOnlyThere() {
        assertThat(failures(Set.of(Fault.POWER_LOSS), lost(Call.VIP))).isEmpty();
        assertThat(failures(Set.of(Fault.SWITCHOVER, Fault.NODE_ALONE), lost(Call.VIP)))
                .isEmpty();
        assertThat(failures(Set.of(Fault.AGENT_STOPPED, Fault.DISK_FULL), lost(Call.VIP)))
                .containsExactly("1 acknowledged rows are lost although no host was lost or cut off:"
                        + " 7 in r/1, acknowledged by pg-1 on timeline 1 to c");
    }

    @Test
    void aLossBeyondTheMaximumLagIsExcusedByNothing() {
        List<String> failures = new Judge(Set.of(Fault.POWER_LOSS), Replication.ASYNCHRONOUS)
                .failures(lost(Call.VIP), END, 5_000_001L + Judge.MAXIMUM_LAG_ON_FAILOVER);

        assertThat(failures)
                .containsExactly("timeline 1 was left 1048577 bytes before what etcd had as written;"
                        + " maximum_lag_on_failover is 1048576");
    }

    @Test
    void noLossIsExcusedWhereACommitWaitsForAReplica() {
        Judge judge = new Judge(Set.of(Fault.POWER_LOSS), Replication.SYNCHRONOUS);

        assertThat(judge.failures(lost(Call.VIP), END, 5_000_000L))
                .containsExactly("1 acknowledged rows are lost although replication is synchronous:"
                        + " 7 in r/1, acknowledged by pg-1 on timeline 1 to c");
    }

    @Test
    void whereNothingIsLeftToStopThemDirectWritesOverlapAndAreLost() {
        for (Set<Fault> faults : List.of(
                Set.of(Fault.AGENT_AND_GUARD_KILLED),
                Set.of(Fault.AGENT_STOPPED, Fault.GUARD_KILLED),
                Set.of(Fault.HOST_FROZEN))) {
            assertThat(failures(faults, overlap(Path.DIRECT))).isEmpty();
            assertThat(failures(faults, overlap(Path.VIP))).hasSize(1);
        }
        assertThat(failures(Set.of(Fault.AGENT_AND_GUARD_KILLED), lost("pg-1"))).isEmpty();
        assertThat(failures(Set.of(Fault.AGENT_AND_GUARD_KILLED), lost(Call.VIP)))
                .hasSize(1);
        assertThat(failures(Set.of(Fault.AGENT_STOPPED), overlap(Path.DIRECT)))
                .containsExactly("pg-1 on timeline 1 still answered an append asked directly 3 ms after the first"
                        + " acknowledgement of pg-2 on timeline 2");
    }

    @Test
    void noFaultExcusesABrokenRule() {
        Findings broken = new Findings(List.of("value 1 shows twice"), List.of(), List.of(), OptionalLong.empty());

        assertThat(failures(Set.of(Fault.values()), broken)).containsExactly("value 1 shows twice");
    }

    private static List<String> failures(Set<Fault> faults, Findings findings) {
        return new Judge(faults, Replication.ASYNCHRONOUS).failures(findings, END, 5_000_000L);
    }

    private static Findings lost(String target) {
        Ack ack = new Ack(new Call("c", target, "r/1", 1, 2), 7, OLD, 5_000_100);
        return new Findings(List.of(), List.of(ack), List.of(), OptionalLong.of(100));
    }

    private static Findings overlap(Path path) {
        Overlap overlap = new Overlap(OLD, NEW, Answer.APPEND, path, Duration.ofMillis(3));
        return new Findings(List.of(), List.of(), List.of(overlap), OptionalLong.empty());
    }
}
