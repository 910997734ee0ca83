package pgha.dcs.etcd;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Whose turn it is to be asked, and who was silent when last asked.
 *
 * <p>Thread-safe. A suspect is passed over while there is anybody else, so that a silent endpoint costs one timeout
 * and not one a call; it is cleared by the next thing it says. Those of one rank take turns; the next rank is for when
 * all of the ranks before it are suspects.
 */
final class Endpoints {
    private final AtomicInteger turn;
    private final Set<Endpoint> suspects = ConcurrentHashMap.newKeySet();
    private volatile List<Endpoint> all;

    /** @param first index of the one to begin with; any number */
    Endpoints(List<Endpoint> all, int first) {
        this.all = List.copyOf(all);
        this.turn = new AtomicInteger(first);
    }

    /** The next one in turn of the best rank that has any but suspects; if all are, they are so no longer. */
    Optional<Endpoint> next() {
        List<Endpoint> known = all;
        if (suspects.containsAll(known)) {
            suspects.clear();
        }
        int best = known.stream()
                .filter(endpoint -> !suspects.contains(endpoint))
                .mapToInt(Endpoint::rank)
                .min()
                .orElse(0);
        for (int i = 0; i < known.size(); i++) {
            Endpoint candidate = take(known);
            if (candidate.rank() == best && !suspects.contains(candidate)) {
                return Optional.of(candidate);
            }
        }
        // Others take turns, suspect and trust meanwhile: then it is anybody.
        return known.stream().findFirst();
    }

    private Endpoint take(List<Endpoint> known) {
        return known.get(Math.floorMod(turn.getAndIncrement(), known.size()));
    }

    /** Replaces them, and begins with the first; the same ones in another order change nothing. */
    synchronized void use(List<Endpoint> others) {
        if (!Set.copyOf(all).equals(Set.copyOf(others))) {
            all = List.copyOf(others);
            turn.set(0);
            suspects.retainAll(others);
        }
    }

    /** Adds those that are not known yet. */
    synchronized void add(List<Endpoint> others) {
        use(Stream.concat(all.stream(), others.stream()).distinct().toList());
    }

    void suspect(Endpoint endpoint) {
        suspects.add(endpoint);
    }

    void trust(Endpoint endpoint) {
        suspects.remove(endpoint);
    }

    boolean isSuspect(Endpoint endpoint) {
        return suspects.contains(endpoint);
    }

    int size() {
        return all.size();
    }
}
