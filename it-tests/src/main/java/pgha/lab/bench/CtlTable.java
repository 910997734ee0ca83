package pgha.lab.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import pgha.lab.LabException;

/** How long commands took, as a table of Markdown. Pure. */
final class CtlTable {
    private CtlTable() {}

    /**
     * One run of one command.
     *
     * @param seconds until it had ended
     * @param processor seconds of processor time
     */
    record Run(double seconds, double processor) {
        /** Reads what a shell says with {@code TIMEFORMAT='%3R %3U %3S'}. */
        static Run parse(String times) {
            if (!times.matches("\\d+\\.\\d+ \\d+\\.\\d+ \\d+\\.\\d+")) {
                throw new LabException("cannot read \"" + times + "\" as times of a shell");
            }
            String[] parts = times.split(" ", -1);
            return new Run(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]) + Double.parseDouble(parts[2]));
        }
    }

    /** A command and its runs, of which there is one at least. */
    record Row(String command, List<Run> runs) {
        Row {
            runs = List.copyOf(runs);
        }

        private double median(ToDoubleFunction<Run> value) {
            List<Double> sorted =
                    runs.stream().mapToDouble(value).sorted().boxed().toList();
            return sorted.get((sorted.size() - 1) / 2);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "| agentctl %s | %.3f | %.3f | %.3f |",
                    command,
                    median(Run::seconds),
                    runs.stream().mapToDouble(Run::seconds).max().orElseThrow(),
                    median(Run::processor));
        }
    }

    static String render(List<Row> rows) {
        return """
                | command | median s | slowest s | processor s |
                |---|--:|--:|--:|
                """ + rows.stream().map(Row::toString).collect(Collectors.joining("\n"));
    }
}
