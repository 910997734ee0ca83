package pgha.agent.config;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import pgha.agent.ha.Callback;

/**
 * The operator's programs that are run on the way, as command lines.
 *
 * <p>Immutable.
 *
 * @param callbacks told what has happened
 * @param prePromote asked before a promotion
 * @param beforeStop run before an orderly stop
 */
public record HooksConfig(
        SortedMap<Callback, String> callbacks, Optional<String> prePromote, Optional<String> beforeStop) {
    public HooksConfig {
        callbacks = Collections.unmodifiableSortedMap(new TreeMap<>(callbacks));
    }

    static HooksConfig read(ConfigReader postgres) {
        SortedMap<Callback, String> callbacks = new TreeMap<>();
        ConfigReader section = postgres.section("callbacks");
        for (Callback callback : Callback.values()) {
            command(section, callback.word()).ifPresent(line -> callbacks.put(callback, line));
        }
        return new HooksConfig(callbacks, command(postgres, "pre_promote"), command(postgres, "before_stop"));
    }

    /** These of a node's file over those of the cluster: callbacks all together, as in Patroni. */
    HooksConfig over(HooksConfig cluster) {
        return new HooksConfig(
                ServerSettings.given(callbacks, cluster.callbacks),
                prePromote.or(() -> cluster.prePromote),
                beforeStop.or(() -> cluster.beforeStop));
    }

    private static Optional<String> command(ConfigReader section, String key) {
        return section.text(key).filter(line -> !line.isBlank());
    }
}
