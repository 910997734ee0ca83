package pgha.agent.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import pgha.vip.AddressLifetime;

/** What was measured, and the arithmetic that rests on it. */
class MarginsTest {
    @Test
    void theCoreAndTheAddressReckonWithTheSameLateness() {
        assertThat(Timing.ADDRESS_LATENESS).isEqualTo(AddressLifetime.KERNEL_LATENESS);
    }

    @Test
    void atEveryTtlTheAddressGoesAfterWeStepDownAndBeforeTheLeaseIsGivenAway() {
        for (int ttl = 5_000; ttl <= 40_000; ttl += 100) {
            Timing timing = new Timing(Duration.ofMillis(ttl));
            for (int left = 3_000; left <= 4_000; left += 10) {
                Duration toExpiry = Duration.ofMillis(left);
                Duration toDemotion = toExpiry.minus(timing.killBudget()).minus(timing.stopBudget());
                Duration lifetime = Duration.ofSeconds(
                        AddressLifetime.within(toExpiry, toDemotion).seconds());
                assertThat(lifetime.plus(AddressLifetime.KERNEL_LATENESS)).isLessThanOrEqualTo(toExpiry);
                assertThat(lifetime).isGreaterThanOrEqualTo(toDemotion);
            }
        }
    }

    @Test
    void aTtlThatIsTooShortIsRefusedWithBothMargins() {
        assertThatThrownBy(() -> new Timing(Duration.ofSeconds(4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1.0s to kill PostgreSQL")
                .hasMessageContaining("2.25s (1.25s late, in steps of 1.0s)");
    }
}
