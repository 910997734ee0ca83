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
 * @param asked a leader waits for our word
 * @param pledge whom we promised not to stand
 * @param written the members that we last wrote into the store as those to be asked
 * @param refusal why our own term was not prolonged, the last time that we asked
 */
public record FailsafeMemory(
        Moment runsSince,
        Optional<Question> asked,
        Optional<Pledge> pledge,
        SortedMap<MemberName, String> written,
        Optional<String> refusal) {

    static final FailsafeMemory NOTHING = new FailsafeMemory(
            Moment.EARLIEST, Optional.empty(), Optional.empty(), Collections.emptySortedMap(), Optional.empty());

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

    FailsafeMemory begun(Moment now) {
        return runsSince.equals(Moment.EARLIEST) ? new FailsafeMemory(now, asked, pledge, written, refusal) : this;
    }

    FailsafeMemory asked(Question question) {
        return new FailsafeMemory(runsSince, Optional.of(question), pledge, written, refusal);
    }

    FailsafeMemory answered() {
        return new FailsafeMemory(runsSince, Optional.empty(), pledge, written, refusal);
    }

    FailsafeMemory pledged(Pledge next) {
        boolean longer = pledge.filter(p -> p.leader().equals(next.leader()))
                .filter(p -> next.until().isBefore(p.until()))
                .isEmpty();
        return new FailsafeMemory(runsSince, asked, longer ? Optional.of(next) : pledge, written, refusal);
    }

    FailsafeMemory wrote(SortedMap<MemberName, String> members) {
        return new FailsafeMemory(runsSince, asked, pledge, members, refusal);
    }

    FailsafeMemory refused(Optional<String> why) {
        return new FailsafeMemory(runsSince, asked, pledge, written, why);
    }
}
