package pgha.dcs.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shows how Patroni's users may write booleans and numbers. */
final class ScalarsTest {
    @ParameterizedTest
    @CsvSource({"on,true", "TRUE,true", "yes,true", "1,true", "off,false", "False,false", "no,false", "0,false"})
    void booleans(String text, boolean value) {
        assertThat(Scalars.parseBoolean(text)).contains(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "perhaps", "y"})
    void whatIsNoBoolean(String text) {
        assertThat(Scalars.parseBoolean(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"12,12", "-3,-3", "+4,4", "0x1F,31", "010,8", "0,0", "2.5,2", "3.5,4", "1e3,1000", "' 7 ',7", "08,8"})
    void wholeNumbers(String text, long value) {
        assertThat(Scalars.parseInteger(text)).contains(value);
    }

    @ParameterizedTest
    @CsvSource({"1,s,1", "2min,s,120", "1h,s,3600", "1d,s,86400", "1500ms,s,2", "1MB,kB,1024", "1kB,B,1024", "3B,B,3"})
    void quantities(String text, String unit, long value) {
        assertThat(Scalars.parseInteger(text, unit)).contains(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1 2", "5MB", "99999999999999999999", "1MIN"})
    void whatIsNoNumberOfSeconds(String text) {
        assertThat(Scalars.parseInteger(text, "s")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1s", "5 MB", "", "."})
    void whatIsNoPlainNumber(String text) {
        assertThat(Scalars.parseInteger(text)).isEmpty();
    }
}
