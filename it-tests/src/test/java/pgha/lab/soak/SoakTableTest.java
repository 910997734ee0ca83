package pgha.lab.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import pgha.lab.soak.Arena.Replication;
import pgha.lab.soak.Plan.Kind;

final class SoakTableTest {
    @Test
    void aRoundOfTwoFaultsCountsForBoth() {
        Plan two = new Plan("two", Kind.PAIR, List.of(strike(Fault.POWER_LOSS), strike(Fault.SWITCHOVER)));

        String table = SoakTable.render(
                Replication.ASYNCHRONOUS, List.of(report(Plan.alone(Fault.POWER_LOSS), 5100), report(two, 900)));

        assertThat(table.lines().map(line -> line.replaceAll(" +", " ")))
                .contains(
                        "| power loss | 1 | 5100 | 5100 | 5100 | 2 | 300 | 0 | 0 | 0 |",
                        "| power loss and another | 1 | 900 | 900 | 900 | 2 | 300 | 0 | 0 | 0 |",
                        "| switchover and another | 1 | 900 | 900 | 900 | 2 | 300 | 0 | 0 | 0 |",
                        "| all rounds | 2 | 900 | 5100 | 5100 | 4 | 300 | 0 | 0 | 0 |");
    }

    @Test
    void onlyWhatBeganIsCounted() {
        Plan two = new Plan("two", Kind.PAIR, List.of(strike(Fault.POWER_LOSS), strike(Fault.GUARD_KILLED)));
        Plan amid = Plan.amidSwitchover(Fault.POWER_LOSS);

        String table = SoakTable.render(
                Replication.SYNCHRONOUS,
                List.of(
                        report(two, List.of(Fault.POWER_LOSS), 5100),
                        report(amid, 900),
                        report(Plan.alone(Fault.HBA_BROKEN), List.of(), 0)));

        assertThat(table.lines().map(line -> line.replaceAll(" +", " ")).filter(line -> line.startsWith("| ")))
                .hasSize(4)
                .anyMatch(line -> line.startsWith("| Fault, synchronous |"))
                .contains(
                        "| power loss | 1 | 5100 | 5100 | 5100 | 2 | 300 | 0 | 0 | 0 |",
                        "| power loss amid a switchover | 1 | 900 | 900 | 900 | 2 | 300 | 0 | 0 | 0 |");
    }

    @Test
    void aPercentileIsAValueThatWasSeen() {
        long[] hundred = LongStream.rangeClosed(1, 100).toArray();

        assertThat(SoakTable.percentile(hundred, 50)).isEqualTo(50);
        assertThat(SoakTable.percentile(hundred, 99)).isEqualTo(99);
        assertThat(SoakTable.percentile(new long[] {3, 8}, 99)).isEqualTo(8);
    }

    private static Strike strike(Fault fault) {
        return new Strike(fault, Victim.PRIMARY, Duration.ZERO, Duration.ofSeconds(1));
    }

    private static Report report(Plan plan, long outageMillis) {
        return report(plan, plan.strikes().stream().map(Strike::fault).toList(), outageMillis);
    }

    private static Report report(Plan plan, List<Fault> began, long outageMillis) {
        return new Report(
                plan,
                began,
                Optional.of(Duration.ofMillis(outageMillis)),
                Duration.ZERO,
                2,
                300,
                Duration.ZERO,
                Duration.ZERO,
                List.of(),
                List.of());
    }
}
