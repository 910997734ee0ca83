package pgha.dcs.etcd;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import pgha.dcs.model.HostPort;

/**
 * Whose turn it is to be asked, and who was silent when last asked.
 *
 * <p>Thread-safe. A suspect is passed over while there is anybody else, so that a silent endpoint costs one timeout
 * and not one a call; it is cleared by the next thing it says.
 */
final class Endpoints {
    private final List<HostPort> all;
    private final AtomicInteger turn;
    private final Set<HostPort> suspects = ConcurrentHashMap.newKeySet();

    /** @param first index of the one to begin with; any number */
    Endpoints(List<HostPort> all, int first) {
        if (all.isEmpty()) {
            throw new IllegalArgumentException("cannot reach the store: no endpoints are configured");
        }
        this.all = List.copyOf(all);
        this.turn = new AtomicInteger(Math.floorMod(first, all.size()));
    }

    /** The next one in turn that is not suspect; if all are, the next one. */
    HostPort next() {
        HostPort candidate = take();
        for (int i = 1; i < all.size() && suspects.contains(candidate); i++) {
            candidate = take();
        }
        if (suspects.containsAll(all)) {
            suspects.clear();
        }
        return candidate;
    }

    private HostPort take() {
        return all.get(turn.getAndUpdate(i -> (i + 1) % all.size()));
    }

    void suspect(HostPort endpoint) {
        suspects.add(endpoint);
    }

    void trust(HostPort endpoint) {
        suspects.remove(endpoint);
    }

    boolean isSuspect(HostPort endpoint) {
        return suspects.contains(endpoint);
    }

    int size() {
        return all.size();
    }
}
