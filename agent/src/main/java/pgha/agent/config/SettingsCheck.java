package pgha.agent.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgha.dcs.codec.ClusterCodec;

/**
 * Judges a change of the cluster's settings: whoever makes one hears of values that no agent would understand.
 *
 * <p>Pure. What is in the store already is no objection to a change of something else.
 */
public final class SettingsCheck {
    private SettingsCheck() {}

    /**
     * What is wrong with a new document and was not wrong with the old one: one sentence, which begins with the path of the
     * key.
     *
     * @throws IllegalArgumentException with such a sentence if the new document cannot be read at all
     */
    public static Optional<String> objection(String before, String after) {
        List<String> objections = new ArrayList<>(objections(after));
        objections.removeAll(known(before));
        return objections.stream().findFirst();
    }

    private static List<String> objections(String document) {
        List<String> all = new ArrayList<>(ClusterCodec.objections(document));
        all.addAll(ClusterSection.of(document).objections());
        return all;
    }

    private static List<String> known(String document) {
        try {
            return objections(document);
        } catch (IllegalArgumentException e) {
            // Whatever is in the place of what nobody can read is better.
            return List.of();
        }
    }
}
