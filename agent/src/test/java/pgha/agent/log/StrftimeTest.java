package pgha.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZonedDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every directive, as strftime(3) prints it in the C locale. */
class StrftimeTest {
    private static final ZonedDateTime TIME = ZonedDateTime.parse("2027-01-03T04:05:06.789012+01:00[Europe/Berlin]");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    %a %A    | Sun Sunday
                    %b %B %h | Jan January Jan
                    %c       | Sun Jan  3 04:05:06 2027
                    %C %y %Y | 20 27 2027
                    %D       | 01/03/27
                    [%e]     | [ 3]
                    %f       | 789012
                    %F       | 2027-01-03
                    %G-%V    | 2026-53
                    %H %I    | 04 04
                    %j       | 003
                    [%k][%l] | [ 4][ 4]
                    %m %M    | 01 05
                    %p %r    | AM 04:05:06 AM
                    %R %T %X | 04:05 04:05:06 04:05:06
                    %s       | 1798945506
                    %S       | 06
                    %u %w    | 7 0
                    %U %W    | 01 00
                    %x       | 01/03/27
                    %z %Z    | +0100 CET
                    a%%b%nc  | `a%b
                    c`
                    """)
    void directives(String format, String expected) {
        assertThat(Strftime.parse(format).print(TIME)).isEqualTo(expected);
    }
}
