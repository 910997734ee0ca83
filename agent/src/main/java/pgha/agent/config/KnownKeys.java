package pgha.agent.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import pgha.agent.config.YamlValue.Mapping;
import pgha.agent.config.YamlValue.Scalar;
import pgha.agent.config.YamlValue.Sequence;

/**
 * Knows every key that may be in the file, and says of one that may not which was probably meant.
 *
 * <p>Immutable. The table is the resource {@code keys.txt}.
 */
final class KnownKeys {
    /** What a key does. */
    enum Effect {
        YES,
        LATER,
        NONE
    }

    /** One line of the table. */
    record Key(String path, String type, String defaultValue, String change, Effect effect) {
        private boolean matches(String other) {
            if (path.endsWith(".**")) {
                String section = path.substring(0, path.length() - 3);
                return other.equals(section) || other.startsWith(section + ".");
            }
            // The name of a parameter or logger may hold dots itself.
            return path.endsWith(".*") ? other.startsWith(path.substring(0, path.length() - 1)) : other.equals(path);
        }

        private boolean isInside(String section) {
            return path.startsWith(section + ".");
        }
    }

    private final List<Key> keys;

    private KnownKeys(List<Key> keys) {
        this.keys = List.copyOf(keys);
    }

    static KnownKeys load() {
        try (InputStream in = KnownKeys.class.getResourceAsStream("keys.txt")) {
            if (in == null) {
                throw new IllegalStateException("keys.txt is missing from the program");
            }
            List<Key> keys = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(KnownKeys::parse)
                    .toList();
            return new KnownKeys(keys);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Key parse(String line) {
        String[] columns = line.split(" {2,}");
        return new Key(
                columns[0], columns[1], columns[2], columns[3], Effect.valueOf(columns[4].toUpperCase(Locale.ROOT)));
    }

    List<Key> all() {
        return keys;
    }

    /** Warns of each unknown key, and once of all those that are known and do nothing yet. */
    void examine(Mapping root, Problems problems) {
        Set<String> later = new TreeSet<>();
        root.entries().forEach((name, value) -> examine(name, value, problems, later));
        if (!later.isEmpty()) {
            problems.warning(root.place().file() + ": kept, but not effective yet: " + String.join(", ", later));
        }
    }

    private void examine(String path, YamlValue value, Problems problems, Set<String> later) {
        Optional<Key> known = find(path);
        if (known.isPresent() && known.get().effect() == Effect.LATER) {
            if (!isDefault(value, known.get())) {
                later.add(known.get().path().replaceFirst("\\.\\*+$", ""));
            }
            return;
        }
        if (isMethod(path, value)) {
            return;
        }
        boolean isSection = keys.stream().anyMatch(key -> key.isInside(path));
        if (known.isEmpty() && !isSection) {
            problems.warning(value.place(), path, "unknown key" + suggestion(path));
            return;
        }
        boolean isFree = known.isPresent() && known.get().path().endsWith("**");
        if (isSection && !isFree) {
            examineInside(path, value, problems, later);
        }
    }

    /** Whether the file only says what is so anyway. */
    private static boolean isDefault(YamlValue value, Key key) {
        String defaultValue = key.defaultValue().equals("off") ? "false" : key.defaultValue();
        return value instanceof Scalar scalar && scalar.text().equals(defaultValue);
    }

    /**
     * Methods of bootstrap and of making replicas have sections of the user's own naming, with a command each: whoever
     * reads which methods are wanted says what is wrong with them.
     */
    private static boolean isMethod(String path, YamlValue value) {
        return path.matches("(bootstrap|postgresql)\\.[^.]+")
                && value instanceof Mapping mapping
                && mapping.entries().containsKey("command");
    }

    private void examineInside(String path, YamlValue value, Problems problems, Set<String> later) {
        switch (value) {
            case Mapping mapping ->
                mapping.entries().forEach((name, inner) -> examine(path + "." + name, inner, problems, later));
            case Sequence sequence ->
                sequence.items().stream()
                        .filter(Mapping.class::isInstance)
                        .forEach(item -> examineInside(path, item, problems, later));
            case Scalar scalar -> {
                // The reader of the section says that it expected a mapping.
            }
        }
    }

    /** The line of the table that speaks of a key. */
    Optional<Key> find(String path) {
        return keys.stream().filter(key -> key.matches(path)).findFirst();
    }

    /** The nearest key, if one is near enough to be what was meant. */
    private String suggestion(String path) {
        List<String> paths = new ArrayList<>();
        keys.forEach(key -> {
            paths.add(key.path().replaceFirst("\\.\\*+$", ""));
            paths.add(key.path().replaceFirst("\\..*$", ""));
            paths.add(key.path().replaceFirst("\\.[^.]*$", ""));
        });
        return paths.stream()
                .min(Comparator.comparingInt(known -> distance(path, known)))
                .filter(known ->
                        distance(path, known) <= Math.max(1, lastName(path).length() / 3))
                .map(known -> "; did you mean " + known + "?")
                .orElse(path.startsWith("bootstrap.dcs.") ? "; it is stored as it is" : "; it has no effect");
    }

    private static String lastName(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** How many letters must be put in, taken out, changed or swapped with the next to make one text of the other. */
    static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(a, b, i, j, cost);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int cheapest(String a, String b, int i, int j, int[][] cost) {
        int change = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int least = Math.min(change, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(least, 1 + cost[i - 2][j - 2]) : least;
    }
}
