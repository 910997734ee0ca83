package pgha.agent.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import pgha.agent.config.YamlValue.Place;

/** Collects what is wrong with a file, so that all of it is said at once. Confined to the reading thread. */
final class Problems {
    private static final Place NOWHERE = new Place("", 0);

    private record Line(Place place, String text) {}

    private final List<Line> errors = new ArrayList<>();
    private final List<Line> warnings = new ArrayList<>();

    /** Something for which the file is refused. */
    void error(Place place, String path, String message) {
        errors.add(line(place, path, message));
    }

    /** Something to know of, which has been coped with. */
    void warning(Place place, String path, String message) {
        warnings.add(line(place, path, message));
    }

    void error(String message) {
        errors.add(new Line(NOWHERE, message));
    }

    void warning(String message) {
        warnings.add(new Line(NOWHERE, message));
    }

    /** What another reading has found, none of which matters enough to refuse the file. */
    void tolerate(Problems found) {
        warnings.addAll(found.errors);
        warnings.addAll(found.warnings);
    }

    private static Line line(Place place, String path, String message) {
        return new Line(place, place + ": " + (path.isEmpty() ? "" : path + ": ") + message);
    }

    boolean isFatal() {
        return !errors.isEmpty();
    }

    /** In the order of the file, whatever the order of reading. */
    List<String> errors() {
        return inOrder(errors);
    }

    List<String> warnings() {
        return inOrder(warnings);
    }

    private static List<String> inOrder(List<Line> lines) {
        return lines.stream()
                .sorted(Comparator.comparing((Line line) -> line.place().file())
                        .thenComparingInt(line -> line.place().line()))
                .map(Line::text)
                .distinct()
                .toList();
    }
}
