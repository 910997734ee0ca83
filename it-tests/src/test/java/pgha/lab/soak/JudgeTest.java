package pgha.lab.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import pgha.lab.history.Append;
import pgha.lab.history.Append.Ack;
import pgha.lab.history.Call;
import pgha.lab.history.FinalState;
import pgha.lab.history.Findings;
import pgha.lab.history.History;
import pgha.lab.history.Outcome;
import pgha.lab.history.Overlap;
import pgha.lab.history.Overlap.Answer;
import pgha.lab.history.Overlap.Path;
import pgha.lab.history.Server;
import pgha.lab.soak.Arena.Replication;

/** Moments are milliseconds of the round: pg-1 acknowledges until 1 s, pg-2 from 6 s on. */
final class JudgeTest {
    private static final Server OLD = new Server("pg-1", 1);
    private static final Server NEW = new Server("pg-2", 2);
    private static final FinalState END = new FinalState(Map.of(), 2, Map.of(1, 5_000_000L));
    private static final String LOST_FOR_NOTHING =
            "1 acknowledged rows are lost although nothing took the node that wrote them:"
                    + " 7 in r/1, acknowledged by pg-1 on timeline 1 to c";

    @Test
    void aLossIsExcusedWhereAStrikeTookTheNodeThatWrote() {
        assertThat(failures(lost(Call.VIP), hit(Fault.POWER_LOSS, "pg-1", 1_010, 9_000)))
                .isEmpty();
        assertThat(failures(
                        lost(Call.VIP),
                        hit(Fault.SWITCHOVER, "pg-1", 0, 9_000),
                        hit(Fault.NODE_ALONE, "pg-1", 500, 4_000)))
                .isEmpty();
        assertThat(failures(lost(Call.VIP), hit(Fault.AGENT_STOPPED, "pg-1", 0, 8_000)))
                .containsExactly(LOST_FOR_NOTHING);
    }

    @Test
    void aStrikeOnAnotherNodeOrAtAnotherTimeExcusesNoLoss() {
        assertThat(failures(lost(Call.VIP), hit(Fault.NODE_ALONE, "pg-3", 0, 8_000)))
                .containsExactly(LOST_FOR_NOTHING);
        assertThat(failures(lost(Call.VIP), hit(Fault.POWER_LOSS, "pg-1", 6_500, 8_000)))
                .containsExactly(LOST_FOR_NOTHING);
        assertThat(failures(lost(Call.VIP), hit(Fault.NODE_ALONE, "pg-1", 100, 300)))
                .containsExactly(LOST_FOR_NOTHING);
    }

    @Test
    void whoCannotBeFollowedLosesRowsOnlyIfSomethingElseEndsIt() {
        Hit unheard = hit(Fault.NODE_FROM_PEERS, "pg-1", 500, 9_000);

        assertThat(failures(lost(Call.VIP), unheard)).containsExactly(LOST_FOR_NOTHING);
        assertThat(failures(lost(Call.VIP), unheard, hit(Fault.AGENT_KILLED, "pg-1", 900, 9_000)))
                .isEmpty();
    }

    @Test
    void aCrashIsALossOnlyWhereNobodyStartsPostgresAgain() {
        Hit crash = hit(Fault.POSTMASTER_KILLED, "pg-1", 1_010, 9_000);

        assertThat(failures(lost(Call.VIP), crash)).containsExactly(LOST_FOR_NOTHING);
        assertThat(failures(lost(Call.VIP), crash, hit(Fault.AGENT_AND_GUARD_KILLED, "pg-2", 900, 9_000)))
                .containsExactly(LOST_FOR_NOTHING);
        assertThat(failures(lost(Call.VIP), crash, hit(Fault.AGENT_AND_GUARD_KILLED, "pg-1", 900, 9_000)))
                .isEmpty();
    }

    @Test
    void whoIsCutFromEtcdLosesRowsOnlyIfPostgresDoesNotStopInOrder() {
        Hit cut = hit(Fault.NODE_FROM_ETCD, "pg-1", 0, 9_000);

        assertThat(failures(lost(Call.VIP), cut)).containsExactly(LOST_FOR_NOTHING);
        assertThat(failures(lost(Call.VIP), cut, hit(Fault.POSTMASTER_STOPPED, "pg-1", 700, 8_000)))
                .isEmpty();
    }

    @Test
    void aLossBeyondTheMaximumLagIsExcusedByNothing() {
        Hit powerLoss = hit(Fault.POWER_LOSS, "pg-1", 1_010, 9_000);

        assertThat(judge(Replication.ASYNCHRONOUS, lost(Call.VIP), List.of(left(6_048_576)), powerLoss)
                        .failures(lost(Call.VIP), END))
                .isEmpty();
        assertThat(judge(Replication.ASYNCHRONOUS, lost(Call.VIP), List.of(left(6_048_577)), powerLoss)
                        .failures(lost(Call.VIP), END))
                .containsExactly("pg-1 on timeline 1 was left 1048577 bytes before what etcd had as written when it led"
                        + " no more; maximum_lag_on_failover is 1048576");
    }

    @Test
    void aLossOfANodeThatTheStoreNeverLetGoIsNotExcused() {
        assertThat(judge(
                                Replication.ASYNCHRONOUS,
                                lost(Call.VIP),
                                List.of(),
                                hit(Fault.POWER_LOSS, "pg-1", 1_010, 9_000))
                        .failures(lost(Call.VIP), END))
                .containsExactly("pg-1 on timeline 1 was left, but etcd never said that it led no more");
    }

    @Test
    void whereACommitWaitsForAReplicaNoLossIsExcusedAndNoAppendBesideAnother() {
        Hit powerLoss = hit(Fault.POWER_LOSS, "pg-1", 1_010, 9_000);
        Hit frozen = hit(Fault.HOST_FROZEN, "pg-1", 0, 6_100);

        assertThat(judge(Replication.SYNCHRONOUS, lost(Call.VIP), List.of(left(5_000_000)), powerLoss)
                        .failures(lost(Call.VIP), END))
                .containsExactly("1 acknowledged rows are lost although replication is synchronous:"
                        + " 7 in r/1, acknowledged by pg-1 on timeline 1 to c");
        Findings overlap = overlap(Path.DIRECT, 6_100, 6_200);
        assertThat(judge(Replication.SYNCHRONOUS, overlap, List.of(), frozen).failures(overlap, END))
                .hasSize(1);
    }

    @Test
    void whereNothingIsLeftToStopThemDirectWritesOverlapAndAreLost() {
        List<List<Hit>> unwatched = List.of(
                List.of(hit(Fault.AGENT_AND_GUARD_KILLED, "pg-1", 0, 8_000)),
                List.of(hit(Fault.AGENT_STOPPED, "pg-1", 0, 8_000), hit(Fault.GUARD_KILLED, "pg-1", 900, 1_000)),
                List.of(hit(Fault.AGENT_KILLED, "pg-1", 900, 8_000), hit(Fault.GUARD_STOPPED, "pg-1", 0, 9_000)),
                List.of(hit(Fault.HOST_FROZEN, "pg-1", 0, 6_100)));
        for (List<Hit> hits : unwatched) {
            Hit[] all = hits.toArray(Hit[]::new);
            assertThat(failures(overlap(Path.DIRECT, 6_100, 6_200), all)).isEmpty();
            assertThat(failures(overlap(Path.VIP, 6_100, 6_200), all)).hasSize(1);
            assertThat(failures(lost("pg-1"), all)).isEmpty();
        }
        assertThat(failures(lost(Call.VIP), hit(Fault.AGENT_AND_GUARD_KILLED, "pg-1", 0, 8_000)))
                .containsExactly(LOST_FOR_NOTHING);
        assertThat(failures(overlap(Path.DIRECT, 6_003, 6_003), hit(Fault.AGENT_STOPPED, "pg-1", 0, 8_000)))
                .containsExactly("pg-1 on timeline 1 still answered an append asked directly 3 ms after the first"
                        + " acknowledgement of pg-2 on timeline 2");
    }

    /** It answers, for an instant, what was asked while it stood still. */
    @Test
    void whatAHostAcknowledgesWhenItThawsIsLostIfItWasAskedDirectly() {
        Hit frozen = hit(Fault.HOST_FROZEN, "pg-1", 0, 8_000);

        assertThat(failures(lost("pg-1", 7_000, 8_100), frozen)).isEmpty();
        assertThat(failures(lost(Call.VIP, 7_000, 8_100), frozen)).containsExactly(LOST_FOR_NOTHING);
        assertThat(failures(lost("pg-1", 10_500, 10_600), frozen)).containsExactly(LOST_FOR_NOTHING);
    }

    @Test
    void oneOfThemIsEnoughOnEachOfTwoNodesAndAtDifferentTimes() {
        Findings overlap = overlap(Path.DIRECT, 6_100, 6_200);

        assertThat(failures(
                        overlap, hit(Fault.AGENT_KILLED, "pg-2", 0, 8_000), hit(Fault.GUARD_STOPPED, "pg-1", 0, 8_000)))
                .hasSize(1);
        assertThat(failures(
                        overlap,
                        hit(Fault.GUARD_KILLED, "pg-1", 0, 8_000),
                        hit(Fault.AGENT_STOPPED, "pg-1", 3_000, 8_000)))
                .as("a guard that was started again before the agent stopped")
                .hasSize(1);
        assertThat(failures(overlap(Path.DIRECT, 6_100, 60_000), hit(Fault.AGENT_AND_GUARD_KILLED, "pg-1", 0, 8_000)))
                .as("answers long after an agent is back")
                .hasSize(1);
    }

    @Test
    void noStrikeExcusesABrokenRule() {
        Findings broken = new Findings(List.of("value 1 shows twice"), List.of(), List.of(), OptionalLong.empty());
        List<Hit> hits = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            hits.add(hit(fault, "pg-1", 0, 9_000));
        }

        assertThat(failures(broken, hits.toArray(Hit[]::new))).containsExactly("value 1 shows twice");
    }

    private static List<String> failures(Findings findings, Hit... hits) {
        return judge(Replication.ASYNCHRONOUS, findings, List.of(left(5_000_000)), hits)
                .failures(findings, END);
    }

    private static Judge judge(Replication replication, Findings findings, List<Handover> handovers, Hit... hits) {
        List<Append> appends = new ArrayList<>();
        findings.lost()
                .forEach(ack -> appends.add(
                        new Append(ack.call(), ack.value(), new Outcome.Acknowledged(ack.by(), ack.lsn()))));
        appends.add(new Append(call(Call.VIP, 5_990, 6_000), 8, new Outcome.Acknowledged(NEW, 5_000_200)));
        return new Judge(List.of(hits), replication, new History(appends, List.of(), List.of()), handovers);
    }

    /** At four seconds the key left pg-1, which had published that it wrote up to {@code published}. */
    private static Handover left(long published) {
        return new Handover("pg-1", published, nanos(4_000));
    }

    private static Hit hit(Fault fault, String node, long beganMillis, long endedMillis) {
        Strike strike = new Strike(fault, Victim.PRIMARY, Duration.ZERO, Duration.ofSeconds(1));
        return new Hit(strike, node, nanos(beganMillis), nanos(endedMillis), nanos(endedMillis));
    }

    private static Findings lost(String target) {
        return lost(target, 990, 1_000);
    }

    private static Findings lost(String target, long beganMillis, long endedMillis) {
        Ack ack = new Ack(call(target, beganMillis, endedMillis), 7, OLD, 5_000_100);
        return new Findings(List.of(), List.of(ack), List.of(), OptionalLong.of(100));
    }

    private static Findings overlap(Path path, long firstMillis, long lastMillis) {
        Overlap overlap = new Overlap(
                OLD,
                NEW,
                Answer.APPEND,
                path,
                Duration.ofMillis(lastMillis - 6_000),
                nanos(firstMillis),
                nanos(lastMillis));
        return new Findings(List.of(), List.of(), List.of(overlap), OptionalLong.empty());
    }

    private static Call call(String target, long beganMillis, long endedMillis) {
        return new Call("c", target, "r/1", nanos(beganMillis), nanos(endedMillis));
    }

    private static long nanos(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
