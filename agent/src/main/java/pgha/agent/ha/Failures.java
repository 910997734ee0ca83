package pgha.agent.ha;

import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import pgha.agent.ha.TaskSpec.StartPrimary;
import pgha.agent.ha.TaskSpec.StartReplica;
import pgha.dcs.model.Moment;

/**
 * What kinds of tasks have failed of late, so that they are not begun again at once.
 *
 * <p>Immutable. A success of a kind forgets its failures; a server that starts, in whatever role, starts.
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
        boolean starts = spec instanceof StartPrimary || spec instanceof StartReplica;
        return starts ? forget(StartPrimary.class).forget(StartReplica.class) : forget(spec.getClass());
    }

    /** The last one of a server that has not started since. */
    Optional<Failure> ofStarting() {
        return Stream.of(of(StartPrimary.class), of(StartReplica.class))
                .flatMap(Optional::stream)
                .max(Comparator.comparing(Failure::at));
    }

    Failures forget(Class<? extends TaskSpec> kind) {
        SortedMap<String, Failure> rest = new TreeMap<>(byKind);
        rest.remove(kind.getSimpleName());
        return new Failures(rest);
    }
}
