package pgha.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PidFileTest {
    @Test
    void tellsWhereAReadyServerListens() {
        String text = "4711\n/data\n1764288000\n5433\n/run/postgresql\n*\n  1234567     42\nready   \n";

        assertThat(PidFile.parse(text)).contains(new PidFile(4711, 5433, "/run/postgresql", "ready"));
        assertThat(PidFile.parse(text).orElseThrow().isReady()).isTrue();
    }

    @Test
    void isShortAtTheVeryBeginning() {
        PidFile file = PidFile.parse("4711\n/data\n1764288000\n").orElseThrow();

        assertThat(file).isEqualTo(new PidFile(4711, 0, "", ""));
        assertThat(file.isReady() || file.isStopping()).isFalse();
    }

    @Test
    void hasANegativeNumberForASingleUserServer() {
        assertThat(PidFile.parse("-12\n/data\n")).map(PidFile::pid).contains(-12);
    }

    @Test
    void isNothingWhileItIsEmpty() {
        assertThat(PidFile.parse("")).isEmpty();
    }
}
