package pgha.agent.ha;

import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import pgha.dcs.model.MemberName;
import pgha.dcs.model.Moment;

/**
 * What a node remembers of leading without the store, its own or another's.
 *
 * <p>Immutable.
 *
 * @param runsSince when this process began: what it promised before is forgotten
 * @param listedSince since when the store names us among those whom a leader asks
 * @param asked a leader waits for our word
 * @param pledge whom we promised not to stand
 * @param written the members that we last wrote into the store as those to be asked
 * @param refusal why our own term was not prolonged, the last time that we asked
 */
public record FailsafeMemory(
        Moment runsSince,
        Optional<Moment> listedSince,
        Optional<Question> asked,
        Optional<Pledge> pledge,
        SortedMap<MemberName, String> written,
        Optional<String> refusal) {

    static final FailsafeMemory NOTHING = new FailsafeMemory(
            Moment.EARLIEST,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Collections.emptySortedMap(),
            Optional.empty());

    /**
     * A leader that the store does not answer wants to go on.
     *
     * @param id by which it gets its answer
     * @param ttl for how long our word would prolong its term
     */
    public record Question(long id, MemberName leader, Duration ttl) {}

    /** We do not stand before {@code until}, since {@code leader} counts on it. */
    public record Pledge(MemberName leader, Moment until) {}

    public FailsafeMemory {
        written = Collections.unmodifiableSortedMap(new TreeMap<>(written));
    }

    /** To whom our word is given now. */
    public Optional<MemberName> pledgedTo(Moment now) {
        return pledge.filter(p -> now.isBefore(p.until())).map(Pledge::leader);
    }

    /** @param listed whether the store names us now */
    FailsafeMemory at(Moment now, boolean listed) {
        boolean begins = runsSince.equals(Moment.EARLIEST);
        if (!begins && listed == listedSince.isPresent()) {
            return this;
        }
        return new FailsafeMemory(
                begins ? now : runsSince,
                listed ? listedSince.or(() -> Optional.of(now)) : Optional.empty(),
                asked,
                pledge,
                written,
                refusal);
    }

    /** From when on we have been asked by every leader that goes on without the store. */
    Optional<Moment> askedSince() {
        return listedSince.map(since -> Moment.later(since, runsSince));
    }

    FailsafeMemory asked(Question question) {
        return new FailsafeMemory(runsSince, listedSince, Optional.of(question), pledge, written, refusal);
    }

    FailsafeMemory answered() {
        return new FailsafeMemory(runsSince, listedSince, Optional.empty(), pledge, written, refusal);
    }

    FailsafeMemory pledged(Pledge next) {
        boolean longer = pledge.filter(p -> p.leader().equals(next.leader()))
                .filter(p -> next.until().isBefore(p.until()))
                .isEmpty();
        return new FailsafeMemory(runsSince, listedSince, asked, longer ? Optional.of(next) : pledge, written, refusal);
    }

    FailsafeMemory wrote(SortedMap<MemberName, String> members) {
        return new FailsafeMemory(runsSince, listedSince, asked, pledge, members, refusal);
    }

    FailsafeMemory refused(Optional<String> why) {
        return new FailsafeMemory(runsSince, listedSince, asked, pledge, written, why);
    }
}
