package pgha.lab.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import pgha.lab.history.Outcome.Acknowledged;
import pgha.lab.history.Outcome.Refused;
import pgha.lab.history.Outcome.Unknown;
import pgha.lab.workload.VipSampler.Holding;

final class HistoryCheckerTest {
    private static final long MS = 1_000_000;
    private static final String LIST = "r1/1";
    private static final Server FIRST = new Server("pg-1", 1);
    private static final Server SECOND = new Server("pg-2", 2);

    @Test
    void aHistoryWithoutAFaultHasNoFindings() {
        Findings findings = check(
                List.of(ack(1, FIRST, 10), ack(2, FIRST, 20), ack(3, FIRST, 30)),
                List.of(read(FIRST, 15, 1), read(FIRST, 25, 1, 2), read(FIRST, 35, 1, 2, 3)),
                onFirst(1, 2, 3));

        assertThat(findings.violations()).isEmpty();
        assertThat(findings.lost()).isEmpty();
        assertThat(findings.overlaps()).isEmpty();
    }

    @Test
    void anUnansweredAppendMayShowOrNot() {
        List<Append> appends = List.of(ack(1, FIRST, 10), unknown(2, 20), unknown(3, 30), ack(4, SECOND, 40));

        Findings findings = check(appends, List.of(read(SECOND, 50, 1, 3, 4)), onSecond(1, 3, 4));

        assertThat(findings.violations()).isEmpty();
        assertThat(findings.lost()).isEmpty();
    }

    @Test
    void aLossIsNamedWithItsServerAndItsBytes() {
        List<Append> appends = List.of(ack(1, FIRST, 10), ack(2, FIRST, 20), ack(3, SECOND, 500));

        Findings findings = check(appends, List.of(read(FIRST, 25, 1, 2), read(SECOND, 510, 1, 3)), onSecond(1, 3));

        assertThat(findings.violations()).isEmpty();
        assertThat(findings.lost()).hasSize(1);
        assertThat(findings.lost().getFirst()).hasToString("2 in r1/1, acknowledged by pg-1 on timeline 1 to c");
        assertThat(findings.lostBytes()).hasValue(2000 - 1500);
    }

    @Test
    void aRefusedAppendThatShowsIsAViolation() {
        List<Append> appends = List.of(ack(1, FIRST, 10), refused(2, 20));

        assertThat(check(appends, List.of(), onFirst(1, 2)).violations())
                .containsExactly("value 2 shows, but vip had refused it: read only");
        assertThat(check(appends, List.of(read(FIRST, 30, 1, 2)), onFirst(1)).violations())
                .contains("value 2 shows, but vip had refused it: read only");
    }

    @Test
    void aValueThatNobodyAppendedIsAViolation() {
        assertThat(check(List.of(ack(1, FIRST, 10)), List.of(), onFirst(1, 7)).violations())
                .containsExactly("value 7 shows, but nobody appended it");
    }

    @Test
    void aValueTwiceIsAViolation() {
        assertThat(check(List.of(ack(1, FIRST, 10)), List.of(), onFirst(1, 1)).violations())
                .containsExactly("value 1 shows twice in the final r1/1");
        assertThat(check(List.of(ack(1, FIRST, 10)), List.of(read(FIRST, 20, 1, 1)), onFirst(1))
                        .violations())
                .contains("value 1 shows twice in a read of r1/1 at pg-1 on timeline 1 by c");
    }

    @Test
    void aHoleIsNoLossOfTheEnd() {
        List<Append> appends = List.of(ack(1, FIRST, 10), ack(2, FIRST, 20), ack(3, FIRST, 30));

        assertThat(check(appends, List.of(), onSecond(1, 3)).violations())
                .containsExactly("2 in r1/1, acknowledged by pg-1 on timeline 1 to c is lost, although the later"
                        + " 3 in r1/1, acknowledged by pg-1 on timeline 1 to c survives");
    }

    @Test
    void aReadThatLacksWhatWasAcknowledgedBeforeIsAViolation() {
        List<Append> appends = List.of(ack(1, FIRST, 10), ack(2, FIRST, 20));

        assertThat(check(appends, List.of(read(FIRST, 30, 1)), onFirst(1, 2)).violations())
                .containsExactly("a read of r1/1 at pg-1 on timeline 1 by c lacks 2 in r1/1, acknowledged by pg-1 on"
                        + " timeline 1 to c before it began");
        assertThat(check(appends, List.of(read(FIRST, 20, 1)), onFirst(1, 2)).violations())
                .as("a read at the same time as the append")
                .isEmpty();
    }

    @Test
    void aReadOnTheNextTimelineLacksOnlyWhatIsLost() {
        List<Append> appends = List.of(ack(1, FIRST, 10), ack(2, FIRST, 20));

        assertThat(check(appends, List.of(read(SECOND, 300, 1)), onSecond(1)).violations())
                .isEmpty();
        assertThat(check(appends, List.of(read(SECOND, 300, 1)), onSecond(1, 2)).violations())
                .containsExactly("a read of r1/1 at pg-2 on timeline 2 by c lacks 2 in r1/1, acknowledged by pg-1 on"
                        + " timeline 1 to c before it began");
    }

    @Test
    void aBranchThatDidNotSurviveOwesNothingToTheOneThatDid() {
        Server third = new Server("pg-3", 3);
        List<Append> appends = List.of(ack(1, FIRST, 10), ack(2, FIRST, 20), ack(3, third, 900));
        FinalState end = new FinalState(Map.of(LIST, List.of(1, 2, 3)), 3, Map.of(1, 5000L));

        assertThat(check(appends, List.of(read(SECOND, 300, 1)), end).violations())
                .isEmpty();
        assertThat(check(appends, List.of(read(SECOND, 300, 1, 2), read(SECOND, 320, 1)), end)
                        .violations())
                .as("but it does not forget what it has shown")
                .containsExactly("a read of r1/1 at pg-2 on timeline 2 by c lacks 2, which a read of r1/1 at pg-2 on"
                        + " timeline 2 by c showed before it began");
    }

    @Test
    void aReadThatTheSurvivingTimelineForgetsIsAViolation() {
        List<Append> appends = List.of(ack(1, FIRST, 10), unknown(2, 20));

        assertThat(check(appends, List.of(read(FIRST, 30, 1, 2)), onFirst(1)).violations())
                .containsExactly("a read of r1/1 at pg-1 on timeline 1 by c shows 2, which is gone from the timeline"
                        + " that survived");
    }

    @Test
    void anotherOrderIsAViolation() {
        List<Append> appends = List.of(unknown(1, 10), unknown(2, 20), unknown(3, 20));

        assertThat(check(appends, List.of(read(FIRST, 30, 2, 1)), onSecond(1, 2))
                        .violations())
                .containsExactly("a read of r1/1 at pg-1 on timeline 1 by c shows 2 after something that is lost, or in"
                        + " another order than the final list");
        assertThat(check(appends, List.of(read(FIRST, 30, 1, 2), read(FIRST, 30, 1, 3, 2)), onSecond(1))
                        .violations())
                .containsExactly(
                        "a read of r1/1 at pg-1 on timeline 1 by c and a read of r1/1 at pg-1 on timeline 1 by c"
                                + " show different orders");
    }

    @Test
    void whoGoesOnAfterTheNextOneBeganIsAnOverlap() {
        List<Append> appends = List.of(
                ack(1, FIRST, 10), ack(2, SECOND, 100), direct(3, FIRST, 130), ack(4, FIRST, 140), ack(5, SECOND, 150));

        List<Overlap> overlaps = check(appends, List.of(), onSecond(1, 2, 5)).overlaps();

        assertThat(overlaps)
                .extracting(Overlap::toString)
                .containsExactly(
                        "pg-1 on timeline 1 still answered an append asked directly 30 ms after the first acknowledgement"
                                + " of pg-2 on timeline 2",
                        "pg-1 on timeline 1 still answered an append through the VIP 40 ms after the first acknowledgement"
                                + " of pg-2 on timeline 2");
    }

    @Test
    void aStaleReadIsAnOverlapToo() {
        List<Append> appends = List.of(ack(1, FIRST, 10), ack(2, SECOND, 100));

        Findings findings = check(appends, List.of(read(FIRST, 120, 1)), onSecond(1, 2));

        assertThat(findings.violations()).isEmpty();
        assertThat(findings.overlap(Overlap.Path.VIP)).isEqualTo(Duration.ofMillis(20));
        assertThat(findings.overlap(Overlap.Path.DIRECT)).isZero();
    }

    @Test
    void whatWasAskedBeforeTheNextOneBeganIsNoProofOfAnOverlap() {
        Append slow = new Append(new Call("c", "pg-1", LIST, 50 * MS, 130 * MS), 3, new Acknowledged(FIRST, 3000));

        assertThat(check(List.of(ack(2, SECOND, 100), slow), List.of(), onSecond(2, 3))
                        .overlaps())
                .isEmpty();
    }

    @Test
    void oneTimelineWrittenByTwoHostsIsAViolation() {
        List<Append> appends = List.of(ack(1, SECOND, 10), ack(2, new Server("pg-3", 2), 20));

        assertThat(check(appends, List.of(), onSecond(1, 2)).violations())
                .containsExactly(
                        "timeline 2 was written by two hosts: 1 in r1/1, acknowledged by pg-2 on timeline 2 to c;"
                                + " 2 in r1/1, acknowledged by pg-3 on timeline 2 to c");
    }

    @Test
    void theVipAtTwoHostsIsAViolation() {
        List<Holding> vip =
                List.of(new Holding(1, Set.of("pg-1")), new Holding(2, Set.of()), new Holding(3, Set.of("pg-2")));
        assertThat(HistoryChecker.check(new History(List.of(), List.of(), vip), onFirst())
                        .violations())
                .isEmpty();

        List<Holding> two = List.of(new Holding(1, Set.of("pg-1", "pg-2")));
        assertThat(HistoryChecker.check(new History(List.of(), List.of(), two), onFirst())
                        .violations())
                .singleElement()
                .asString()
                .startsWith("the VIP was at ");
    }

    private static Findings check(List<Append> appends, List<Read> reads, FinalState end) {
        return HistoryChecker.check(new History(appends, reads, List.of()), end);
    }

    private static FinalState onFirst(Integer... values) {
        return new FinalState(Map.of(LIST, List.of(values)), 1, Map.of());
    }

    /** Timeline 1 was left at position 1500. */
    private static FinalState onSecond(Integer... values) {
        return new FinalState(Map.of(LIST, List.of(values)), 2, Map.of(1, 1500L));
    }

    private static Append ack(int value, Server by, long endedMs) {
        return new Append(call(Call.VIP, endedMs), value, new Acknowledged(by, 1000L * value));
    }

    private static Append direct(int value, Server by, long endedMs) {
        return new Append(call(by.host(), endedMs), value, new Acknowledged(by, 1000L * value));
    }

    private static Append unknown(int value, long endedMs) {
        return new Append(call(Call.VIP, endedMs), value, new Unknown("connection reset"));
    }

    private static Append refused(int value, long endedMs) {
        return new Append(call(Call.VIP, endedMs), value, new Refused("read only"));
    }

    private static Read read(Server by, long endedMs, Integer... values) {
        return new Read(call(Call.VIP, endedMs), List.of(values), by);
    }

    /** Every call takes 2 ms. */
    private static Call call(String target, long endedMs) {
        return new Call("c", target, LIST, (endedMs - 2) * MS, endedMs * MS);
    }
}
