package pgha.agent.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnifiedDiffTest {
    @Test
    void theSameTextHasNoDifference() {
        assertThat(UnifiedDiff.of("a\nb\n", "a\nb\n")).isEmpty();
        assertThat(UnifiedDiff.of("", "")).isEmpty();
    }

    @Test
    void textsMayBeginAndEndWithADifference() {
        assertThat(UnifiedDiff.of("", "a\n")).containsExactly("---", "+++", "@@ -0,0 +1 @@", "+a");
        assertThat(UnifiedDiff.of("a\nb\n", "")).containsExactly("---", "+++", "@@ -1,2 +0,0 @@", "-a", "-b");
    }

    @Test
    void changesFarApartAreShownApart() {
        String before = "a\n1\n2\n3\n4\n5\n6\n7\nb\n";

        assertThat(UnifiedDiff.of(before, before.replace("a", "A").replace("b", "B")))
                .containsExactly(
                        "---",
                        "+++",
                        "@@ -1,4 +1,4 @@",
                        "-a",
                        "+A",
                        " 1",
                        " 2",
                        " 3",
                        "@@ -6,4 +6,4 @@",
                        " 5",
                        " 6",
                        " 7",
                        "-b",
                        "+B");
        assertThat(UnifiedDiff.of("a\n1\n2\n3\nb\n", "A\n1\n2\n3\nB\n")).contains("@@ -1,5 +1,5 @@");
    }
}
