package pgha.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShellWordsTest {
    @Test
    void splitsAsAShellWould() {
        assertThat(ShellWords.split("  /bin/init  'a b' \"c 'd' \\\"e\\\"\" f\\ g '' '\\n'"))
                .containsExactly("/bin/init", "a b", "c 'd' \"e\"", "f g", "", "\\n");
    }

    @Test
    void hasNoWordsInNothing() {
        assertThat(ShellWords.split("   ")).isEmpty();
    }
}
