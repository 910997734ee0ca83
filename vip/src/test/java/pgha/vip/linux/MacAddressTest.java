package pgha.vip.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class MacAddressTest {
    @Test
    void printsAsItIsWritten() {
        assertThat(MacAddress.parse("02:00:5e:00:00:fa")).hasToString("02:00:5e:00:00:fa");
        assertThat(MacAddress.BROADCAST).hasToString("ff:ff:ff:ff:ff:ff");
        assertThat(MacAddress.parse("02:00:5e:00:00:0a").bytes()).containsExactly(2, 0, 0x5e, 0, 0, 0x0a);
    }

    @Test
    void refusesWhatIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MacAddress.parse("02:00:5e"))
                .withMessage("not an Ethernet address: \"02:00:5e\"; expected the form 02:00:5e:00:00:0a");
        assertThatIllegalArgumentException().isThrownBy(() -> new MacAddress(1L << 48));
    }
}
