package pgha.agent.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pgha.agent.config.KnownKeys.Effect;
import pgha.agent.config.YamlValue.Mapping;
import pgha.agent.config.YamlValue.Place;
import pgha.agent.config.YamlValue.Scalar;
import pgha.dcs.codec.ClusterCodec;
import pgha.dcs.model.Revision;

/**
 * Says of each setting what it is, where that comes from, and what it does.
 *
 * <p>Confined to one call. Secrets are not shown. The table of keys is that of the check of the file.
 */
public final class Explanation {
    private static final String CLUSTER = "bootstrap.dcs.";
    private static final Pattern PARAMETER =
            Pattern.compile("postgresql\\.(?:parameters(?:_primary|_replica)?|recovery_conf)\\.(.+)");
    private static final Pattern SECTION = Pattern.compile("^(postgresql\\.(?!parameters\\.)[^.]+)\\..*");
    private static final String FROM_CLUSTER = "/config";
    private static final String FROM_NOBODY = "default";

    /**
     * One setting.
     *
     * @param key its path
     * @param origin {@code file:line}, {@code /config} or {@code default}
     * @param change what a new value needs to take effect: a word of the table of keys, or a dash
     * @param objection why it has no effect; empty if it has
     */
    public record Line(String key, String value, String origin, String change, String objection) {
        /** The same, without effect. */
        public Line objectedTo(String why) {
            return new Line(key, value, origin, change, why);
        }
    }

    private final KnownKeys known = KnownKeys.load();
    private final List<Line> lines = new ArrayList<>();

    private Explanation() {}

    /** This node's file, and what it leaves open; nothing if it cannot be read. */
    public static List<Line> ofFile(Path file) {
        Explanation explanation = new Explanation();
        new YamlFiles(new Problems()).read(file).ifPresent(root -> explanation.fromFile("", root));
        explanation.defaults(false);
        return List.copyOf(explanation.lines);
    }

    /** The settings of the cluster, and what they leave open. */
    public static List<Line> ofCluster(JsonNode document) {
        Explanation explanation = new Explanation();
        explanation.fromCluster("", document);
        warnings(document.toString()).forEach(explanation::object);
        explanation.defaults(true);
        return List.copyOf(explanation.lines);
    }

    /** What agents say of it when they read it. */
    private static List<String> warnings(String document) {
        try {
            List<String> warnings = new ArrayList<>(
                    ClusterCodec.settings(document, Revision.ZERO).warnings());
            warnings.addAll(ClusterSection.of(document).warnings());
            return warnings;
        } catch (IllegalArgumentException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    /** @param warning begins with the path of a key, which is all that it is about */
    private void object(String warning) {
        String path = warning.replaceFirst(": .*", "");
        lines.replaceAll(line -> line.key().equals(path) || line.key().startsWith(path + ".")
                ? line.objectedTo(warning.substring(Math.min(warning.length(), path.length() + 2)))
                : line);
    }

    private void fromFile(String path, YamlValue value) {
        if (value instanceof Mapping mapping
                && (path.isEmpty() || !mapping.entries().isEmpty())) {
            mapping.entries().forEach((name, inner) -> fromFile(path.isEmpty() ? name : path + "." + name, inner));
            return;
        }
        Place place = value.place();
        String text = value instanceof Scalar scalar
                ? scalar.text()
                : YamlJson.of(value).toString();
        add(path, path, text, place.toString());
        boolean onlyThere =
                known.find(path).isEmpty() && known.find(CLUSTER + path).isPresent();
        if (onlyThere || isOfTheCluster(path)) {
            lines.add(lines.removeLast().objectedTo("only the settings of the cluster may say it"));
        }
    }

    /**
     * What a node's file has to say so that the cluster's setting of that path does not count: parameters are overruled one
     * by one, any other key of {@code postgresql} with everything below it.
     */
    public static String ruledAs(String path) {
        return SECTION.matcher(path).replaceFirst("$1");
    }

    /** A parameter that every server must have alike, in a node's file. */
    private static boolean isOfTheCluster(String path) {
        Matcher matcher = PARAMETER.matcher(path);
        return matcher.matches() && ServerSettings.isOfTheCluster(matcher.group(1));
    }

    private void fromCluster(String path, JsonNode value) {
        if (value.isObject() && (path.isEmpty() || !value.isEmpty())) {
            value.properties()
                    .forEach(field -> fromCluster(
                            path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue()));
            return;
        }
        add(path, CLUSTER + path, value.isValueNode() ? value.asText() : value.toString(), FROM_CLUSTER);
    }

    /** @param keyInTable under which the table of keys has it */
    private void add(String path, String keyInTable, String text, String origin) {
        KnownKeys.Key key = known.find(keyInTable).orElse(new KnownKeys.Key(keyInTable, "text", "-", "-", Effect.NONE));
        boolean isKnown = known.find(keyInTable).isPresent();
        boolean isSecret =
                key.type().equals("secret") || path.toLowerCase(Locale.ROOT).endsWith("password");
        String objection = isKnown ? objection(key.effect()) : "unknown key";
        lines.add(new Line(path, isSecret ? "***" : text, origin, key.change(), objection));
    }

    private static String objection(Effect effect) {
        return switch (effect) {
            case YES -> "";
            case LATER -> "not effective yet";
            case NONE -> "without meaning here";
        };
    }

    private void defaults(boolean ofCluster) {
        Set<String> given = new LinkedHashSet<>();
        lines.forEach(line -> given.add(line.key()));
        for (KnownKeys.Key key : known.all()) {
            boolean isOfCluster = key.path().startsWith(CLUSTER);
            String path = ofCluster ? key.path().replaceFirst("^bootstrap\\.dcs\\.", "") : key.path();
            boolean says = !key.path().contains("*") && !key.defaultValue().equals("-");
            if (says && isOfCluster == ofCluster && key.effect() == Effect.YES && !given.contains(path)) {
                lines.add(new Line(path, key.defaultValue(), FROM_NOBODY, key.change(), ""));
            }
        }
    }
}
