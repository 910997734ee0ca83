package pgha.lab.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import pgha.lab.soak.Arena.Replication;

final class PlanTest {
    @Test
    void seedAndNumberMakeTheSamePlanAgain() {
        assertThat(Plan.random(7, 3)).isEqualTo(Plan.random(7, 3));
        assertThat(Plan.random(7, 3)).isNotEqualTo(Plan.random(7, 4));
        assertThat(Plan.random(7, 3)).isNotEqualTo(Plan.random(8, 3));
    }

    @Test
    void everyFaultComesUpAndNoPlanHasOneTwiceOrTooLong() {
        Set<Fault> seen = new HashSet<>();
        for (int number = 1; number <= 500; number++) {
            Plan plan = Plan.random(1, number, Duration.ofSeconds(10));
            assertThat(plan.faults()).hasSize(2);
            assertThat(plan.strikes())
                    .allMatch(strike ->
                            strike.lasts().toMillis() >= 100 && strike.lasts().toMillis() <= 10_000);
            seen.addAll(plan.faults());
        }
        assertThat(seen).containsExactlyInAnyOrder(Fault.values());
    }

    @Test
    void everyFaultIsPlayedAloneAndAmidASwitchoverBeforeChanceHasItsTurn() {
        List<String> names = Options.parse(List.of("seed=1")).first().stream()
                .map(Plan::name)
                .toList();

        assertThat(names).hasSize(2 * Fault.values().length - 2).contains("power loss", "power loss amid a switchover");
        assertThat(Options.parse(List.of("fault=power_loss+switchover,hba_broken"))
                        .plans())
                .extracting(Plan::name)
                .containsExactly("power loss amid a switchover", "hba broken");
    }

    @Test
    void bothKindsOfReplicationShareTheTime() {
        Options both = Options.parse(List.of("replication=both", "for=90s"));

        assertThat(both.replications()).containsExactly(Replication.ASYNCHRONOUS, Replication.SYNCHRONOUS);
        assertThat(both.share()).isEqualTo(Duration.ofSeconds(45));
    }

    @Test
    void everyStrikeBeginsAndEndsInItsTime() {
        Strike longer = new Strike(Fault.POWER_LOSS, Victim.PRIMARY, Duration.ZERO, Duration.ofSeconds(9));
        Strike shorter = new Strike(Fault.SWITCHOVER, Victim.REPLICA, Duration.ofSeconds(1), Duration.ofSeconds(2));

        assertThat(new Plan("two", Plan.Kind.PAIR, List.of(longer, shorter)).steps())
                .containsExactly(
                        new Plan.Step(Duration.ZERO, longer, true),
                        new Plan.Step(Duration.ofSeconds(1), shorter, true),
                        new Plan.Step(Duration.ofSeconds(3), shorter, false),
                        new Plan.Step(Duration.ofSeconds(9), longer, false));
    }
}
