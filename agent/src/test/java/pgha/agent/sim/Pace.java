package pgha.agent.sim;

import java.time.Duration;
import java.util.Optional;

/** How long things take: drawn from the seed, or always the shortest, for stories. */
final class Pace {
    private final Optional<Prng> prng;

    private Pace(Optional<Prng> prng) {
        this.prng = prng;
    }

    static Pace random(Prng prng) {
        return new Pace(Optional.of(prng));
    }

    static Pace steady() {
        return new Pace(Optional.empty());
    }

    Duration millis(long least, long most) {
        return prng.map(random -> random.between(Duration.ofMillis(least), Duration.ofMillis(most)))
                .orElse(Duration.ofMillis(least));
    }

    /** Whether something that happens now and then happens now; never in a story. */
    boolean percent(int chance) {
        return prng.filter(random -> random.percent(chance)).isPresent();
    }
}
