package pgha.agent.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;
import pgha.agent.config.YamlValue.Kind;
import pgha.agent.config.YamlValue.Mapping;
import pgha.agent.config.YamlValue.Place;
import pgha.agent.config.YamlValue.Scalar;
import pgha.agent.config.YamlValue.Sequence;

/**
 * Reads a YAML file, or the YAML files of a directory in the order of their names, into one mapping.
 *
 * <p>Confined to the reading thread. Of several files the later one wins, key by key; an empty value takes a key away.
 */
final class YamlFiles {
    /** Anchors that contain each other never end, and anchors of anchors grow without bounds. */
    private static final int DEEPEST = 40;

    private static final int MOST_VALUES = 50_000;

    private final Problems problems;
    private int values;

    YamlFiles(Problems problems) {
        this.problems = problems;
    }

    /** Empty if there was nothing to read; the problems say why. */
    Optional<Mapping> read(Path path) {
        List<Path> files = Files.isDirectory(path) ? filesIn(path) : List.of(path);
        List<Mapping> documents = new ArrayList<>();
        files.forEach(file -> readFile(file).ifPresent(documents::add));
        return documents.stream().reduce(YamlFiles::patch);
    }

    private List<Path> filesIn(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            List<Path> files = entries.filter(Files::isRegularFile)
                    .filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                problems.error("cannot read the configuration: no *.yml file in " + directory);
            }
            return files;
        } catch (IOException e) {
            problems.error("cannot read " + directory + ": " + reason(e));
            return List.of();
        }
    }

    /** One value, of any kind; nothing at all is a value, too. Empty if it is not YAML; the problems say why. */
    Optional<YamlValue> readText(Reader text) {
        try {
            Node root = compose(text);
            return Optional.of(
                    root == null ? new Scalar(new Place("text", 1), Kind.NOTHING, "") : value("text", "", root, 0));
        } catch (YAMLException e) {
            problems.error("not YAML: " + String.valueOf(e.getMessage()).replaceAll("\\s*\\n\\s*", " "));
            return Optional.empty();
        }
    }

    private Optional<Mapping> readFile(Path file) {
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            Node root = compose(reader);
            if (root instanceof MappingNode mapping) {
                return Optional.of(mapping(file.toString(), "", mapping, 0));
            }
            problems.error(file + ":1: expected a mapping of sections, such as \"scope: demo\"");
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            problems.error(file + ":" + line + ": not YAML: "
                    + (e.getProblem() == null ? e.getContext() : e.getProblem().replaceAll("\\s*\\n\\s*", " ")));
        } catch (YAMLException e) {
            problems.error(
                    file + ":1: not YAML: " + String.valueOf(e.getMessage()).replaceAll("\\s*\\n\\s*", " "));
        } catch (IOException e) {
            problems.error("cannot read " + file + ": " + reason(e));
        }
        return Optional.empty();
    }

    private static Node compose(Reader reader) {
        LoaderOptions options = new LoaderOptions();
        return new Composer(new ParserImpl(new StreamReader(reader), options), new Resolver(), options).getSingleNode();
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException absent -> "no such file";
            case AccessDeniedException denied -> "permission denied to user " + System.getProperty("user.name");
            case CharacterCodingException binary -> "not UTF-8 text";
            default -> String.valueOf(e.getMessage());
        };
    }

    private YamlValue value(String file, String path, Node node, int depth) {
        if (depth > DEEPEST || ++values > MOST_VALUES) {
            throw new YAMLException("an anchor contains itself, or there are more than " + MOST_VALUES + " values");
        }
        Place place = place(file, node);
        return switch (node) {
            case MappingNode mapping -> mapping(file, path, mapping, depth);
            case SequenceNode sequence ->
                new Sequence(
                        place,
                        sequence.getValue().stream()
                                .map(item -> value(file, path, item, depth + 1))
                                .toList());
            default -> scalar(place, (ScalarNode) node);
        };
    }

    private static Place place(String file, Node node) {
        return new Place(file, node.getStartMark().getLine() + 1);
    }

    private static Scalar scalar(Place place, ScalarNode node) {
        Tag tag = node.getTag();
        if (tag.equals(Tag.BOOL)) {
            boolean truth = node.getValue().matches("(?i)yes|true|on");
            return new Scalar(place, Kind.TRUTH, Boolean.toString(truth));
        }
        if (tag.equals(Tag.NULL)) {
            return new Scalar(place, Kind.NOTHING, "");
        }
        if (tag.equals(Tag.INT)) {
            return new Scalar(place, Kind.WHOLE, node.getValue().replace("_", ""));
        }
        return new Scalar(place, tag.equals(Tag.FLOAT) ? Kind.REAL : Kind.TEXT, node.getValue());
    }

    private Mapping mapping(String file, String path, MappingNode node, int depth) {
        Map<String, YamlValue> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            if (tuple.getKeyNode().getTag().equals(Tag.MERGE)) {
                merged(file, path, tuple.getValueNode(), depth).forEach(entries::putIfAbsent);
            }
        }
        Map<String, YamlValue> own = new LinkedHashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key && !key.getTag().equals(Tag.MERGE)) {
                String below = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
                YamlValue value = value(file, below, tuple.getValueNode(), depth + 1);
                if (own.put(key.getValue(), value) != null) {
                    problems.warning(place(file, key), below, "given twice; the last one counts");
                }
            }
        }
        entries.putAll(own);
        return new Mapping(place(file, node), entries);
    }

    /** The mappings behind a merge key; of several the first to know a key wins. */
    private Map<String, YamlValue> merged(String file, String path, Node node, int depth) {
        Map<String, YamlValue> entries = new LinkedHashMap<>();
        switch (value(file, path, node, depth + 1)) {
            case Mapping mapping -> entries.putAll(mapping.entries());
            case Sequence sequence ->
                sequence.items().forEach(item -> {
                    if (item instanceof Mapping mapping) {
                        mapping.entries().forEach(entries::putIfAbsent);
                    }
                });
            case Scalar scalar -> problems.error(scalar.place(), path, "expected a mapping to merge with <<");
        }
        return entries;
    }

    /** {@code patch} over {@code base}, key by key. */
    static Mapping patch(Mapping base, Mapping patch) {
        Map<String, YamlValue> result = new LinkedHashMap<>(base.entries());
        patch.entries().forEach((key, value) -> {
            if (value instanceof Scalar scalar && scalar.isNothing()) {
                result.remove(key);
            } else if (value instanceof Mapping inner && result.get(key) instanceof Mapping outer) {
                result.put(key, patch(outer, inner));
            } else {
                result.put(key, value);
            }
        });
        return new Mapping(base.place(), result);
    }
}
