package pgha.vip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VipTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.9/24,          10.0.0.9/24",
        "10.0.0.9/32,          10.0.0.9/32",
        "FD00:0:0::9/64,       fd00::9/64",
        "2001:db8:0:1::9/128,  2001:db8:0:1::9/128",
        "2001:0:0:1:0:0:0:9/1, 2001:0:0:1::9/1",
        "1:2:3:4:5:6:7:8/64,   1:2:3:4:5:6:7:8/64",
        "1:0:3:4:5:6:7:8/64,   1:0:3:4:5:6:7:8/64",
        "fd00::/64,            fd00::/64",
    })
    void printsAsItIsWritten(String text, String printed) {
        assertThat(Vip.parse(text)).hasToString(printed);
        assertThat(Vip.parse(printed)).isEqualTo(Vip.parse(text));
    }

    @Test
    void knowsItsInterfaceOrFindsItByItself() {
        Vip vip = Vip.parse("10.0.0.9/24");

        assertThat(vip.on("eth0")).hasToString("10.0.0.9/24 on eth0");
        assertThat(vip.on(Vip.AUTO)).isEqualTo(vip);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.9",
                "/24",
                "10.0.0/24",
                "10.0.0.256/24",
                "010.0.0.9/24",
                "localhost/8",
                "::g/64",
                ":/64",
                "fe80::1%eth0/64"
            })
    void refusesWhatIsNoAddress(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Vip.parse(text))
                .withMessage("not an address with a prefix length: \"" + text
                        + "\"; expected the form 10.0.0.9/24 or fd00::9/64");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.9/0,  'not a prefix length: 0 in \"10.0.0.9/0\"; expected 1 to 32'",
        "10.0.0.9/33, 'not a prefix length: 33 in \"10.0.0.9/33\"; expected 1 to 32'",
        "fd00::9/129, 'not a prefix length: 129 in \"fd00::9/129\"; expected 1 to 128'",
        "10.0.0.9/x,  'not a prefix length: \"x\" in \"10.0.0.9/x\"; expected a number'",
        "10.0.0.9/,   'not a prefix length: \"\" in \"10.0.0.9/\"; expected a number'",
    })
    void refusesAPrefixLengthThatDoesNotFit(String text, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> Vip.parse(text)).withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1/8",
                "0.0.0.0/24",
                "224.0.0.1/24",
                "255.255.255.255/24",
                "::1/64",
                "::/64",
                "ff02::1/64"
            })
    void refusesAnAddressThatCannotMove(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Vip.parse(text))
                .withMessageStartingWith("not an address that can move between hosts: \"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "eth0:1", "a b", "name-of-16-chars"})
    void refusesWhatIsNoInterfaceName(String name) {
        Vip vip = Vip.parse("10.0.0.9/24");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> vip.on(name))
                .withMessage(
                        "not an interface name: \"" + name + "\"; expected 1 to 15 characters without blank, / and :");
    }
}
