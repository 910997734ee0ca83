package pgha.vip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressLifetimeTest {
    private static final Duration LATE = AddressLifetime.KERNEL_LATENESS;

    /** Left to the expiry is what stands there and the kernel's lateness. */
    @ParameterizedTest
    @CsvSource({
        "9000,   6000, 9",
        "8999,   6000, 8",
        "8999,   8000, 8",
        "8999,   8001, 9",
        "3000,   2750, 3",
        "1999,   -500, 1",
        "999,    -500, 1",
        "0,         0, 1",
        "-5000, -9000, 1",
    })
    void isRoundedDownButCoversTheTimeToTheDemotion(long toExpiryMillis, long toDemotionMillis, long seconds) {
        AddressLifetime lifetime = AddressLifetime.within(
                Duration.ofMillis(toExpiryMillis).plus(LATE), Duration.ofMillis(toDemotionMillis));

        assertThat(lifetime).isEqualTo(new AddressLifetime(seconds));
    }

    @Test
    void canBeForEver() {
        assertThat(AddressLifetime.FOREVER).hasToString("forever");
        assertThat(AddressLifetime.FOREVER.isForever()).isTrue();
        assertThat(new AddressLifetime(9)).hasToString("9s");
    }

    @Test
    void isNeverNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> new AddressLifetime(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new AddressLifetime(1L << 32));
    }
}
