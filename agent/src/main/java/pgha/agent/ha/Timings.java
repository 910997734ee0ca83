package pgha.agent.ha;

import java.time.Duration;
import pgha.dcs.model.ClusterSettings;

/** From settings to a {@link Timing} that is safe. Pure. */
public final class Timings {
    private Timings() {}

    /** The TTL of the settings, or the shortest safe one if that is longer; the codec has said so by then. */
    public static Timing of(ClusterSettings settings) {
        Duration ttl = settings.ttl();
        return new Timing(ttl.compareTo(Timing.SHORTEST_TTL) < 0 ? Timing.SHORTEST_TTL : ttl);
    }
}
