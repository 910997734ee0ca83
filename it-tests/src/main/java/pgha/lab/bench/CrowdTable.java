package pgha.lab.bench;

import java.util.List;
import java.util.stream.Collectors;

/** What was measured, as a table of Markdown. Pure. */
final class CrowdTable {
    private CrowdTable() {}

    /**
     * One crowd.
     *
     * @param held how many of its connections the agent has kept
     * @param micros how long each check took
     * @param grownKib by how much the agent's resident memory has grown since there was nobody
     */
    record Row(String crowd, int size, int held, List<Long> micros, long residentKib, long grownKib) {
        Row {
            micros = micros.stream().sorted().toList();
        }

        private String millis(double share) {
            int index = (int) Math.min(micros.size() - 1L, Math.round(Math.ceil(micros.size() * share)) - 1);
            return "%.1f".formatted(micros.get(Math.max(0, index)) / 1000.0);
        }

        @Override
        public String toString() {
            return "| %s | %d | %d | %d | %s | %s | %s | %.1f | %.1f |"
                    .formatted(
                            crowd,
                            size,
                            held,
                            micros.size(),
                            millis(0.5),
                            millis(0.99),
                            millis(1),
                            residentKib / 1024.0,
                            grownKib / 1024.0);
        }
    }

    static String render(List<Row> rows) {
        return """
                | strangers | opened | held | checks | p50 ms | p99 ms | max ms | resident MB | grown MB |
                |---|--:|--:|--:|--:|--:|--:|--:|--:|
                """ + rows.stream().map(Row::toString).collect(Collectors.joining("\n"));
    }
}
