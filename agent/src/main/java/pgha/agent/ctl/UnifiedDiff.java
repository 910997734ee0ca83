package pgha.agent.ctl;

import java.util.ArrayList;
import java.util.List;

/**
 * Tells two texts apart, line by line, as {@code diff -u} does.
 *
 * <p>Confined to one call. Meant for documents of some hundred lines: the time is the product of their lengths.
 */
final class UnifiedDiff {
    private static final int CONTEXT = 3;

    private final List<String> before;
    private final List<String> after;
    private final List<String> lines = new ArrayList<>();

    /** The number of lines of each text that come before {@code lines.get(i)}. */
    private final List<int[]> places = new ArrayList<>();

    private UnifiedDiff(List<String> before, List<String> after) {
        this.before = before;
        this.after = after;
    }

    /** Lines without their ends; none if the texts are the same. */
    static List<String> of(String before, String after) {
        UnifiedDiff diff =
                new UnifiedDiff(before.lines().toList(), after.lines().toList());
        diff.compare();
        return diff.hunks();
    }

    private void compare() {
        int[][] common = common();
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            places.add(new int[] {i, j});
            if (isSame(i, j)) {
                lines.add(" " + before.get(i++));
                j++;
            } else if (j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
                lines.add("-" + before.get(i++));
            } else {
                lines.add("+" + after.get(j++));
            }
        }
        places.add(new int[] {i, j});
    }

    /** How many lines the rests of the two texts have in common, in the same order. */
    private int[][] common() {
        int[][] common = new int[before.size() + 1][after.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = after.size() - 1; j >= 0; j--) {
                common[i][j] = isSame(i, j) ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }

    private boolean isSame(int i, int j) {
        return i < before.size() && j < after.size() && before.get(i).equals(after.get(j));
    }

    private List<String> hunks() {
        List<String> text = new ArrayList<>();
        int at = 0;
        while ((at = nextChange(at)) < lines.size()) {
            int start = Math.max(0, at - CONTEXT);
            int end = endOfHunk(at);
            if (text.isEmpty()) {
                text.add("---");
                text.add("+++");
            }
            text.add("@@ -%s +%s @@".formatted(range(start, end, 0), range(start, end, 1)));
            text.addAll(lines.subList(start, end));
            at = end;
        }
        return text;
    }

    private int nextChange(int from) {
        int at = from;
        while (at < lines.size() && lines.get(at).startsWith(" ")) {
            at++;
        }
        return at;
    }

    /** Changes so near to each other that their surroundings touch are shown together. */
    private int endOfHunk(int change) {
        int end = change;
        int next = change;
        while (next < lines.size() && next - end <= 2 * CONTEXT) {
            end = next + 1;
            next = nextChange(end);
        }
        return Math.min(lines.size(), end + CONTEXT);
    }

    private String range(int start, int end, int side) {
        int first = places.get(start)[side];
        int count = places.get(end)[side] - first;
        return switch (count) {
            case 0 -> first + ",0";
            case 1 -> Integer.toString(first + 1);
            default -> (first + 1) + "," + count;
        };
    }
}
