package pgha.agent.ha;

import java.util.Optional;
import pgha.dcs.model.LeaseId;
import pgha.dcs.model.Moment;
import pgha.dcs.model.Revision;
import pgha.dcs.model.Timeline;

/**
 * What a node remembers of its own leading.
 *
 * <p>Immutable.
 *
 * @param term what is known of our lease; it stays after the lease is lost, until the writer is known to be stopped
 * @param lost the store said that the lease of {@code term} is gone, or we gave it away, or may have
 * @param doubt an attempt on the leader key was not answered: it may have happened
 * @param armed fence and guard watch over a writer
 * @param adopted a primary that runs without a term of ours, from the process before us
 * @param parked what we were when we stopped serving although nobody else led
 * @param standAgainAt not before this moment do we stand for leader
 * @param steppedDownFor the request of an operator that we have already stepped down for
 */
public record Tenure(
        Optional<LeaseTerm> term,
        boolean lost,
        boolean doubt,
        boolean armed,
        Optional<Adopted> adopted,
        Optional<Parked> parked,
        Moment standAgainAt,
        Optional<Revision> steppedDownFor) {

    static final Tenure NONE = new Tenure(
            Optional.empty(),
            false,
            false,
            false,
            Optional.empty(),
            Optional.empty(),
            Moment.EARLIEST,
            Optional.empty());

    /** Until when it may serve, and when fence and guard strike. */
    public record Adopted(Moment servesUntil, Moment fenceAt) {}

    /**
     * What we were when we stopped serving although nobody else led.
     *
     * @param leaderCreated the revision at which our leader key came into being: while it is the same, nobody else has
     *     led
     */
    public record Parked(Timeline timeline, Revision leaderCreated) {}

    Tenure acquired(LeaseTerm next) {
        return new Tenure(
                Optional.of(next), false, false, armed, Optional.empty(), parked, standAgainAt, steppedDownFor);
    }

    Tenure renewed(LeaseTerm next) {
        boolean same = term.filter(t -> t.lease().equals(next.lease())).isPresent();
        boolean newer = term.filter(t -> t.sentAt().isBefore(next.sentAt())).isPresent();
        return same && newer
                ? new Tenure(Optional.of(next), lost, doubt, armed, adopted, parked, standAgainAt, steppedDownFor)
                : this;
    }

    Tenure gone(LeaseId lease) {
        boolean ours = term.filter(t -> t.lease().equals(lease)).isPresent();
        return ours ? new Tenure(term, true, doubt, armed, adopted, parked, standAgainAt, steppedDownFor) : this;
    }

    /** A wish to give the lease up was not answered: only another lease can be counted on. */
    Tenure perhapsReleased() {
        return new Tenure(term, term.isPresent(), doubt, armed, adopted, parked, standAgainAt, steppedDownFor);
    }

    Tenure released(Moment standAgainAt, Optional<Revision> request) {
        return new Tenure(
                Optional.empty(),
                false,
                false,
                armed,
                Optional.empty(),
                Optional.empty(),
                standAgainAt,
                request.or(() -> steppedDownFor));
    }

    Tenure inDoubt(boolean unanswered) {
        return new Tenure(term, lost, unanswered, armed, adopted, parked, standAgainAt, steppedDownFor);
    }

    /** Fence and guard watch, or do not any more; without a writer a lost term is of no interest. */
    Tenure armed(boolean now) {
        return new Tenure(
                now || !lost ? term : Optional.empty(),
                lost && now,
                doubt,
                now,
                now ? adopted : Optional.empty(),
                parked,
                standAgainAt,
                steppedDownFor);
    }

    Tenure adopted(Adopted writer) {
        return new Tenure(term, lost, doubt, true, Optional.of(writer), parked, standAgainAt, steppedDownFor);
    }

    /** A primary runs that nobody is armed for. */
    Tenure tolerated(Adopted writer) {
        return new Tenure(term, lost, doubt, armed, Optional.of(writer), parked, standAgainAt, steppedDownFor);
    }

    /** One that ended while fencing was off says nothing about the writer. */
    Tenure withoutTermThatEnded(Moment now) {
        boolean over = lost || term.filter(t -> t.serves(now)).isEmpty();
        return new Tenure(
                over ? Optional.empty() : term,
                lost && !over,
                doubt,
                armed,
                adopted,
                parked,
                standAgainAt,
                steppedDownFor);
    }

    Tenure parked(Optional<Parked> as) {
        return new Tenure(term, lost, doubt, armed, adopted, as, standAgainAt, steppedDownFor);
    }

    /** A new copy has nothing of what we wrote. */
    Tenure cloned(Outcome outcome) {
        return outcome instanceof Outcome.Succeeded ? parked(Optional.empty()) : this;
    }

    /** Somebody else leads, and we follow: what we stepped down for is done. */
    Tenure following() {
        return new Tenure(term, lost, doubt, armed, adopted, parked, standAgainAt, Optional.empty());
    }

    Tenure standingAgain(Moment at) {
        return new Tenure(term, lost, doubt, armed, adopted, parked, at, steppedDownFor);
    }

    /** The moment from which a writer may not serve any more, whatever the store says. */
    Moment servesUntil() {
        return term.map(LeaseTerm::demoteAt)
                .or(() -> adopted.map(Adopted::servesUntil))
                .orElse(Moment.EARLIEST);
    }

    /** The moment at which fence and guard strike. */
    Moment fencedAt() {
        return term.map(LeaseTerm::fenceAt)
                .or(() -> adopted.map(Adopted::fenceAt))
                .orElse(Moment.EARLIEST);
    }
}
