package pgha.agent.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.StringReader;

/** Reads a piece of YAML as the JSON that it stands for, by the rules of the configuration file. Pure. */
public final class YamlText {
    private YamlText() {}

    /** @throws IllegalArgumentException with a sentence, if it is not YAML */
    public static JsonNode json(String text) {
        Problems problems = new Problems();
        return new YamlFiles(problems)
                .readText(new StringReader(text))
                .map(YamlJson::of)
                .orElseThrow(() -> new IllegalArgumentException(String.join("; ", problems.errors())));
    }
}
