package pgha.lab.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class VerdictTest {
    private static final long MS = 1_000_000;

    @Test
    void onlyAcknowledgedRowsCanBeLost() {
        List<Attempt> attempts = List.of(ack("a", "pg-1", 1, 10), ack("b", "pg-1", 1, 20), unanswered("c", 30));

        assertThat(Verdict.lost(attempts, Set.of("a"))).containsExactly("b");
        assertThat(Verdict.lost(attempts, Set.of("a", "b", "c"))).isEmpty();
    }

    @Test
    void timelinesThatFollowEachOtherDoNotOverlap() {
        assertThat(Verdict.overlaps(List.of(ack("a", "pg-1", 1, 10), ack("b", "vip", 1, 20), ack("c", "pg-2", 2, 21))))
                .isEmpty();
    }

    @Test
    void anAcknowledgementOfTheOldTimelineAfterOneOfTheNewIsAnOverlap() {
        assertThat(Verdict.overlaps(List.of(ack("a", "pg-1", 1, 10), ack("b", "pg-2", 2, 20), ack("c", "vip", 1, 50))))
                .containsExactly("timeline 1 acknowledged 30 ms after the first acknowledgement on timeline 2");
    }

    @Test
    void oneTimelineWrittenByTwoNodesIsAnOverlapWhateverTheTimes() {
        assertThat(Verdict.overlaps(List.of(ack("a", "pg-1", 3, 10), ack("b", "pg-2", 3, 900))))
                .containsExactly("timeline 3 was acknowledged by {pg-1=a, pg-2=b}");
    }

    @Test
    void theOutageIsTheLongestGapBetweenAcknowledgementsThroughTheVip() {
        List<Attempt> attempts = List.of(
                ack("a", "vip", 1, 100), unanswered("b", 150), ack("p", "pg-1", 1, 200), ack("c", "vip", 1, 400));

        assertThat(Verdict.longestGap(attempts, 50 * MS, 420 * MS)).isEqualTo(Duration.ofMillis(300));
        assertThat(Verdict.longestGap(attempts, 50 * MS, 900 * MS))
                .as("an outage that has not ended")
                .isEqualTo(Duration.ofMillis(500));
        assertThat(Verdict.notAcknowledged(attempts, 50 * MS, 900 * MS)).isEqualTo(1);
    }

    private static Attempt ack(String key, String target, int timeline, long endedMs) {
        return new Attempt("c", target, key, (endedMs - 1) * MS, endedMs * MS, Attempt.End.ACKNOWLEDGED, timeline, "");
    }

    private static Attempt unanswered(String key, long endedMs) {
        return new Attempt(
                "c", Journal.VIP, key, (endedMs - 1) * MS, endedMs * MS, Attempt.End.UNKNOWN, 0, "connection reset");
    }
}
