package pgha.agent.ha;

import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;

/**
 * The actions that are under way, the writes that are done but not yet seen in a view, and those that rest.
 *
 * <p>Immutable. A write that is done stays in flight until the view is at least as new: else the next look, at an old
 * view, would ask for it again. One that was refused or not answered rests for a moment: else it would be asked for in
 * a tight circle.
 */
record InFlight(SortedMap<ActionKey, Revision> until, SortedMap<ActionKey, Moment> resting) {
    /** Not answered yet. */
    private static final Revision UNANSWERED = new Revision(Long.MAX_VALUE);

    static final InFlight NOTHING = new InFlight(Collections.emptySortedMap(), Collections.emptySortedMap());

    InFlight {
        until = Collections.unmodifiableSortedMap(new TreeMap<>(until));
        resting = Collections.unmodifiableSortedMap(new TreeMap<>(resting));
    }

    boolean holds(ActionKey key, Moment now) {
        Moment awake = resting.getOrDefault(key, Moment.EARLIEST);
        return until.containsKey(key) || now.isBefore(awake);
    }

    boolean isUnderWay(ActionKey key) {
        return until.containsKey(key);
    }

    /** When what rests may be asked for again; never, as long as it is not answered. */
    Moment wakesAt(ActionKey key) {
        return until.containsKey(key) ? Moment.NEVER : resting.getOrDefault(key, Moment.NEVER);
    }

    InFlight with(Action action) {
        return action.key().map(key -> put(key, UNANSWERED)).orElse(this);
    }

    /** It is done; if it wrote at {@code revision}, it is over once the view is at {@code seen} or later. */
    InFlight completed(ActionKey key, Optional<Revision> revision, Revision seen) {
        if (!until.containsKey(key)) {
            return this;
        }
        return revision.filter(r -> r.isAfter(seen)).map(r -> put(key, r)).orElseGet(() -> without(key));
    }

    InFlight without(ActionKey key) {
        SortedMap<ActionKey, Revision> rest = new TreeMap<>(until);
        rest.remove(key);
        return new InFlight(rest, resting);
    }

    /** It did not happen, or nobody said: not again before {@code pause} is over. */
    InFlight failed(ActionKey key, Moment now, Duration pause) {
        SortedMap<ActionKey, Moment> later = new TreeMap<>(resting);
        later.put(key, now.plus(pause));
        return new InFlight(without(key).until, later);
    }

    /** The view is now at {@code revision}. */
    InFlight seen(Revision revision) {
        SortedMap<ActionKey, Revision> rest = new TreeMap<>(until);
        rest.values().removeIf(at -> !at.isAfter(revision));
        return new InFlight(rest, resting);
    }

    /** The link was lost: whatever is done will be looked at anew. */
    InFlight blind() {
        SortedMap<ActionKey, Revision> rest = new TreeMap<>(until);
        rest.values().removeIf(at -> !at.equals(UNANSWERED));
        return new InFlight(rest, resting);
    }

    private InFlight put(ActionKey key, Revision revision) {
        SortedMap<ActionKey, Revision> all = new TreeMap<>(until);
        all.put(key, revision);
        return new InFlight(all, resting);
    }
}
