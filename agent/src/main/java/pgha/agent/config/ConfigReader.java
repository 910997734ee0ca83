package pgha.agent.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import pgha.agent.config.YamlValue.Kind;
import pgha.agent.config.YamlValue.Mapping;
import pgha.agent.config.YamlValue.Place;
import pgha.agent.config.YamlValue.Scalar;
import pgha.agent.config.YamlValue.Sequence;

/**
 * A typed view of one section, which knows its path.
 *
 * <p>Confined to the reading thread. A value of the wrong type is noted as a problem and read as absent, so that reading
 * goes on and finds the next one. A key without a value counts as absent.
 */
final class ConfigReader {
    private final Place place;
    private final String path;
    private final Map<String, YamlValue> entries;
    private final Problems problems;
    private final Set<String> keysRead;

    /** @param keysRead gets the path of each key that is asked for, present or not */
    ConfigReader(Mapping root, Problems problems, Set<String> keysRead) {
        this(root.place(), "", root.entries(), problems, keysRead);
    }

    private ConfigReader(
            Place place, String path, Map<String, YamlValue> entries, Problems problems, Set<String> keysRead) {
        this.place = place;
        this.path = path;
        this.entries = entries;
        this.problems = problems;
        this.keysRead = keysRead;
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** The names in this section, in the order of the file. */
    Set<String> keys() {
        return entries.keySet();
    }

    /** The names of those sections in this one that have the key, whatever they are called. */
    List<String> sectionsWith(String key) {
        return entries.entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Mapping section
                        && section.entries().containsKey(key))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The value, unless it is absent or empty. */
    Optional<YamlValue> value(String key) {
        keysRead.add(pathOf(key));
        return Optional.ofNullable(entries.get(key))
                .filter(value -> !(value instanceof Scalar scalar && scalar.isNothing()));
    }

    boolean has(String key) {
        return value(key).isPresent();
    }

    void error(String key, String message) {
        Place at = Optional.ofNullable(entries.get(key)).map(YamlValue::place).orElse(place);
        problems.error(at, pathOf(key), message);
    }

    void warning(String key, String message) {
        Place at = Optional.ofNullable(entries.get(key)).map(YamlValue::place).orElse(place);
        problems.warning(at, pathOf(key), message);
    }

    /** The section below {@code key}; one without entries if it is absent. */
    ConfigReader section(String key) {
        Map<String, YamlValue> none = Map.of();
        return switch (value(key).orElse(new Mapping(place, none))) {
            case Mapping mapping ->
                new ConfigReader(mapping.place(), pathOf(key), mapping.entries(), problems, keysRead);
            case YamlValue other -> {
                expected(key, "a mapping", other);
                yield new ConfigReader(other.place(), pathOf(key), none, problems, keysRead);
            }
        };
    }

    /** Reads the same; what is wrong with it is somebody else's to judge. */
    ConfigReader reportingTo(Problems others) {
        return new ConfigReader(place, path, entries, others, keysRead);
    }

    /** Notes what another reading has found as something that has been coped with. */
    void tolerate(Problems found) {
        problems.tolerate(found);
    }

    Optional<ConfigReader> optionalSection(String key) {
        return has(key) ? Optional.of(section(key)) : Optional.empty();
    }

    /** The section itself if it is one mapping, or each mapping of a list. */
    List<ConfigReader> sections(String key) {
        List<ConfigReader> all = new ArrayList<>();
        Optional<YamlValue> value = value(key);
        if (value.isPresent() && value.get() instanceof Sequence sequence) {
            for (YamlValue item : sequence.items()) {
                if (item instanceof Mapping mapping) {
                    all.add(new ConfigReader(mapping.place(), pathOf(key), mapping.entries(), problems, keysRead));
                } else {
                    problems.error(item.place(), pathOf(key), "expected a mapping, found " + item.kindName());
                }
            }
        } else {
            optionalSection(key).ifPresent(all::add);
        }
        return all;
    }

    private void expected(String key, String wanted, YamlValue found) {
        problems.error(found.place(), pathOf(key), "expected " + wanted + ", found " + found.kindName());
    }

    private Optional<Scalar> scalar(String key, String wanted) {
        return value(key).flatMap(value -> {
            if (value instanceof Scalar scalar) {
                return Optional.of(scalar);
            }
            expected(key, wanted, value);
            return Optional.empty();
        });
    }

    /** A scalar as text, a number or truth value included. */
    Optional<String> text(String key) {
        return scalar(key, "a text").map(Scalar::text);
    }

    /** The same as Patroni puts it on a command line. */
    Optional<String> argument(String key) {
        return scalar(key, "a text").map(scalar -> switch (scalar.kind()) {
            case TRUTH -> scalar.text().equals("true") ? "True" : "False";
            case TEXT, WHOLE, REAL, NOTHING -> scalar.text();
        });
    }

    Optional<String> requiredText(String key) {
        if (!has(key)) {
            error(key, "required");
        }
        return text(key);
    }

    /** @param parse throws IllegalArgumentException with a sentence that says what was expected */
    <T> Optional<T> parsed(String key, Function<String, T> parse) {
        return text(key).flatMap(text -> {
            try {
                return Optional.of(parse.apply(text));
            } catch (IllegalArgumentException e) {
                error(key, String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        });
    }

    <T> Optional<T> required(String key, Function<String, T> parse) {
        if (!has(key)) {
            error(key, "required");
        }
        return parsed(key, parse);
    }

    /** {@code on}, {@code true}, {@code yes}, {@code 1} and their opposites, quoted or not. */
    Optional<Boolean> flag(String key) {
        Optional<Scalar> scalar = scalar(key, "true or false");
        if (scalar.isEmpty()) {
            return Optional.empty();
        }
        return switch (scalar.get().text().toLowerCase(Locale.ROOT)) {
            case "on", "true", "yes", "1" -> Optional.of(true);
            case "off", "false", "no", "0" -> Optional.of(false);
            default -> {
                expected(key, "true or false", scalar.get());
                yield Optional.empty();
            }
        };
    }

    boolean flag(String key, boolean otherwise) {
        return flag(key).orElse(otherwise);
    }

    long whole(String key, long otherwise, long least, long most) {
        String wanted = "a whole number from " + least + " to " + most;
        Optional<Scalar> scalar = scalar(key, wanted);
        if (scalar.isEmpty()) {
            return otherwise;
        }
        String text = scalar.get().text();
        if (text.matches("[-+]?\\d{1,18}") && Long.parseLong(text) >= least && Long.parseLong(text) <= most) {
            return Long.parseLong(text);
        }
        expected(key, wanted, scalar.get());
        return otherwise;
    }

    /** One of several words, without regard to case. */
    <E extends Enum<E>> E word(String key, E otherwise, Class<E> words) {
        return this.<E>parsed(key, text -> {
                    for (E word : words.getEnumConstants()) {
                        if (word.name().equalsIgnoreCase(text)) {
                            return word;
                        }
                    }
                    String all = List.of(words.getEnumConstants()).toString().toLowerCase(Locale.ROOT);
                    throw new IllegalArgumentException("expected one of " + all + ", found \"" + text + "\"");
                })
                .orElse(otherwise);
    }

    /** A list of texts. */
    List<String> texts(String key) {
        Optional<YamlValue> value = value(key);
        if (value.isEmpty()) {
            return List.of();
        }
        if (!(value.get() instanceof Sequence sequence)) {
            expected(key, "a list", value.get());
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (YamlValue item : sequence.items()) {
            if (item instanceof Scalar scalar && !scalar.isNothing()) {
                texts.add(scalar.text());
            } else {
                problems.error(item.place(), pathOf(key), "expected a text in the list, found " + item.kindName());
            }
        }
        return texts;
    }

    /** A list of texts, or one text with commas between. */
    List<String> textsOrCommas(String key) {
        if (value(key).filter(Scalar.class::isInstance).isEmpty()) {
            return texts(key);
        }
        return List.of(text(key).orElse("").trim().split("\\s*,\\s*"));
    }

    /** Server parameters, values as PostgreSQL reads them; one without a value is left out. */
    SortedMap<String, String> parameters(String key) {
        SortedMap<String, String> parameters = new TreeMap<>();
        ConfigReader section = section(key);
        section.entries.forEach((name, value) -> {
            if (!(value instanceof Scalar scalar)) {
                section.expected(name, "a text, number or truth value", value);
            } else if (!scalar.isNothing()) {
                parameters.put(name, onOff(scalar));
            }
        });
        return parameters;
    }

    /** Texts by name, as they are written; one without a value is left out. */
    SortedMap<String, String> textsByName(String key) {
        SortedMap<String, String> texts = new TreeMap<>();
        ConfigReader section = section(key);
        section.keys().forEach(name -> section.text(name).ifPresent(text -> texts.put(name, text)));
        return texts;
    }

    private static String onOff(Scalar scalar) {
        if (scalar.kind() != Kind.TRUTH) {
            return scalar.text();
        }
        return scalar.text().equals("true") ? "on" : "off";
    }

    /** Options of a program, from a list of flags and single-key mappings or from one mapping: {@code --max-rate=1M}. */
    List<String> options(String key, Set<String> forbidden) {
        Map<String, Scalar> options = new LinkedHashMap<>();
        Optional<YamlValue> value = value(key);
        if (value.isPresent() && value.get() instanceof Sequence sequence) {
            sequence.items().forEach(item -> addOption(key, item, options));
        } else if (value.isPresent()) {
            addOption(key, value.get(), options);
        }
        List<String> result = new ArrayList<>();
        options.forEach((name, scalar) -> {
            if (forbidden.contains(name)) {
                problems.warning(
                        scalar.place(), pathOf(key), "the agent sets \"" + name + "\" itself; the option is left out");
            } else if (scalar.kind() != Kind.TRUTH) {
                result.add("--" + name + "=" + scalar.text());
            } else if (scalar.text().equals("true")) {
                result.add("--" + name);
            }
        });
        return result;
    }

    private void addOption(String key, YamlValue item, Map<String, Scalar> options) {
        switch (item) {
            case Scalar flag -> options.put(flag.text(), new Scalar(flag.place(), Kind.TRUTH, "true"));
            case Mapping mapping ->
                mapping.entries().forEach((name, value) -> {
                    if (value instanceof Scalar scalar && !scalar.isNothing()) {
                        options.put(name, scalar);
                    } else {
                        expected(key, "\"" + name + "\" with a value", value);
                    }
                });
            case Sequence sequence -> expected(key, "options and mappings in the list", sequence);
        }
    }
}
