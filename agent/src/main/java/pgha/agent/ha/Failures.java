package pgha.agent.ha;

import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import pgha.dcs.model.Moment;

/**
 * What kinds of tasks have failed of late, so that they are not begun again at once.
 *
 * <p>Immutable. A success of a kind forgets its failures.
 */
record Failures(SortedMap<String, Failure> byKind) {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    static final Failures NONE = new Failures(Collections.emptySortedMap());

    /** How often in a row, the last sentence, and when. */
    record Failure(int count, String sentence, Moment at) {
        /** Doubling from one second. */
        Moment retryAt() {
            Duration wait = Duration.ofSeconds(1L << Math.min(count - 1, 5));
            return at.plus(wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT);
        }
    }

    Failures {
        byKind = Collections.unmodifiableSortedMap(new TreeMap<>(byKind));
    }

    Optional<Failure> of(Class<? extends TaskSpec> kind) {
        return Optional.ofNullable(byKind.get(kind.getSimpleName()));
    }

    /** A failure of this kind that is too young for another attempt. */
    Optional<Failure> recent(Class<? extends TaskSpec> kind, Moment now) {
        return of(kind).filter(failure -> now.isBefore(failure.retryAt()));
    }

    Failures failed(TaskSpec spec, String sentence, Moment now) {
        SortedMap<String, Failure> all = new TreeMap<>(byKind);
        String kind = spec.getClass().getSimpleName();
        int before = Optional.ofNullable(byKind.get(kind)).map(Failure::count).orElse(0);
        all.put(kind, new Failure(before + 1, sentence, now));
        return new Failures(all);
    }

    Failures succeeded(TaskSpec spec) {
        SortedMap<String, Failure> rest = new TreeMap<>(byKind);
        rest.remove(spec.getClass().getSimpleName());
        return new Failures(rest);
    }

    Failures forget(Class<? extends TaskSpec> kind) {
        SortedMap<String, Failure> rest = new TreeMap<>(byKind);
        rest.remove(kind.getSimpleName());
        return new Failures(rest);
    }
}
